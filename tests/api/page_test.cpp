// The page's files as the server hands them out. What the page does in a browser, tests/dashboard tries.
#include "api/page.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <regex>
#include <string>

#include "stage.hpp"

using namespace mock::api;

namespace {

bool is_there(const std::string& name) {
  const auto files = page_files();
  return std::any_of(files.begin(), files.end(), [&](const PageFile& one) { return one.name == name; });
}

std::string header(const Response& response, const std::string& name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

std::vector<std::string> matches(const PageFile& file, const std::string& pattern) {
  const std::string text{file.text};
  const std::regex regex{pattern};
  std::vector<std::string> found;
  for (std::sregex_iterator at{text.begin(), text.end(), regex}, end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page)

BOOST_AUTO_TEST_CASE(slash_is_the_index_and_each_file_has_its_type) {
  const struct {
    std::string path, type;
  } rows[] = {{"/", "text/html; charset=utf-8"},
              {"/dashboard/index.html", "text/html; charset=utf-8"},
              {"/dashboard/main.js", "text/javascript; charset=utf-8"},
              {"/dashboard/look.css", "text/css; charset=utf-8"},
              {"/dashboard/icon.svg", "image/svg+xml"}};
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.path) {
      const auto response = page_response("GET", row.path);
      BOOST_TEST_REQUIRE(response.has_value());
      BOOST_TEST(response->status == 200);
      BOOST_TEST(response->content_type == row.type);
      BOOST_TEST(!response->body.empty());
      BOOST_TEST(header(*response, "Content-Security-Policy").starts_with("default-src 'none'; script-src 'self';"));
    }
  }
}

BOOST_AUTO_TEST_CASE(index_names_its_files_under_the_prefix_of_the_public_url) {
  const auto index = page_response("GET", "/", "/prospero")->body;
  BOOST_TEST(index.find("src=\"/prospero/dashboard/main.js\"") != std::string::npos);
  BOOST_TEST(index.find("\"dashboard/") == std::string::npos);
  BOOST_TEST(page_response("GET", "/")->body.find("src=\"/dashboard/main.js\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_the_pages) {
  for (const auto* path : {"/dashboard", "/dashboard/", "/dashboard/none.js", "/dashboard/../main.js", "/main.js", "",
                           "/index.html", "/v1/clock"}) {
    BOOST_TEST(!page_response("GET", path).has_value(), path);
  }
}

BOOST_AUTO_TEST_CASE(other_methods_are_told_which_there_are) {
  const auto response = page_response("POST", "/");
  BOOST_TEST_REQUIRE(response.has_value());
  BOOST_TEST(response->status == 405);
  BOOST_TEST(header(*response, "Allow") == "GET, HEAD");
  BOOST_TEST(page_response("HEAD", "/")->status == 200);
}

BOOST_AUTO_TEST_CASE(every_file_that_a_file_names_is_there) {
  std::size_t seen = 0;
  for (const auto& file : page_files()) {
    for (const std::string pattern : {"\"dashboard/([^\"]+)\"", "from '\\./([^']+)'"}) {
      for (const auto& name : matches(file, pattern)) {
        ++seen;
        BOOST_TEST(is_there(name), name);
      }
    }
  }
  BOOST_TEST(seen > 50U);
}

BOOST_AUTO_TEST_CASE(no_file_parses_markup_or_names_another_server) {
  const std::string forbidden =
      "(innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|eval\\(|new Function"
      "|createContextualFragment|srcdoc|javascript:)";
  for (const auto& file : page_files()) {
    for (const auto& word : matches(file, forbidden)) BOOST_ERROR(std::string{file.name} + " uses " + word);
    for (const auto& host : matches(file, "https?://([a-z0-9.-]+)")) {
      BOOST_TEST((host == "www.w3.org" || host == "my.host"), file.name << " names " << host);
    }
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    BOOST_TEST(lines <= 400, file.name << " has " << lines << " lines");
  }
}

BOOST_AUTO_TEST_CASE(contract_is_told_for_people_and_for_programs) {
  api_test::Stage stage;
  const auto contract = stage.got("/v1/contract").as_object();
  BOOST_TEST(contract.at("clauses").as_array().size() > 50U);
  const auto& values = contract.at("values").as_object();
  BOOST_TEST(values.at("disableAfter").as_int64() == 20);
  BOOST_TEST(values.at("answerWithinMs").as_int64() == 5000);
  BOOST_TEST((values.at("retrySeconds") == boost::json::value{60, 3600, 21600}));
  BOOST_TEST(values.at("delaysCountFrom") == "previous-failure");
  BOOST_TEST(values.at("contentType") == "application/json");
  BOOST_TEST(values.at("archiveFires") == "event.updated");
  BOOST_TEST(values.at("withoutFields").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
