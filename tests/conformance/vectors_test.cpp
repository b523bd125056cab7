// The files of --export hold what docs/formats.md says, and what the cases send.
#include "conformance/vectors.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "conformance/registry.hpp"
#include "scripted_consumer.hpp"

namespace json = boost::json;
using namespace conformance_test;
using namespace mock::conformance;

namespace {

// From the name of a member to its type, as a table of docs/formats.md has them.
using Members = std::map<std::string, std::string>;

Members documented(const std::string& table) {
  std::ifstream file(std::string(SOURCE_DIR) + "/docs/formats.md");
  Members members;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("<!-- ")) inside = line == "<!-- " + table + " -->";
    const auto name_end = line.find('`', 3), type = name_end + 4;
    if (!inside || !line.starts_with("| `") || name_end == std::string::npos) continue;
    members[line.substr(3, name_end - 3)] = line.substr(type, line.find(" |", type) - type);
  }
  return members;
}

bool is_of_type(const json::value& value, const std::string& type) {
  if (type == "text or null") return value.is_string() || value.is_null();
  if (type == "text") return value.is_string();
  if (type == "number") return value.is_int64() || value.is_uint64();
  if (type == "list") return value.is_array();
  if (!type.starts_with("one of ") || !value.is_string()) return false;
  std::istringstream words(type.substr(7));
  for (std::string word; std::getline(words, word, ',');) {
    if (word.substr(word.find('`')) == "`" + std::string(value.as_string()) + "`") return true;
  }
  return false;
}

void check_members(const json::object& object, const Members& members) {
  for (const auto& [name, type] : members) {
    BOOST_TEST_REQUIRE(object.contains(name), name);
    BOOST_TEST(is_of_type(object.at(name), type), name + " is not " + type);
  }
  BOOST_TEST(object.size() == members.size());
}

json::object exported(const std::string& id) {
  return json::parse(vectors(plan_of()).files.at(id + ".json")).as_object();
}

json::object first_request(const std::string& id) {
  return exported(id).at("requests").at(0).as_object();
}

std::string verdicts(const std::string& id) {
  std::string out;
  const auto vector = exported(id);
  for (const auto& request : vector.at("requests").as_array()) {
    out += std::string(request.at("method").as_string()) + " " + std::string(request.at("path").as_string()) + ": " +
           std::string(request.at("verdict").as_string()) + "\n";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exported_vectors)

BOOST_AUTO_TEST_CASE(each_has_the_documented_members_and_no_other) {
  const auto of_vector = documented("vector"), of_request = documented("vector request");
  BOOST_TEST_REQUIRE(of_vector.size() == 7u);
  BOOST_TEST_REQUIRE(of_request.size() == 9u);
  for (const auto& [name, text] : vectors(plan_of()).files) {
    BOOST_TEST_CONTEXT(name) {
      const auto vector = json::parse(text).as_object();
      check_members(vector, of_vector);
      BOOST_TEST(name == std::string(vector.at("id").as_string()) + ".json");
      BOOST_TEST(!vector.at("requests").as_array().empty());
      for (const auto& request : vector.at("requests").as_array()) {
        check_members(request.as_object(), of_request);
        BOOST_TEST((request.at("body").is_null() != request.at("bodyBase64").is_null()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_index_has_the_documented_members_and_every_case_once) {
  const auto made = vectors(plan_of());
  const auto index = json::parse(made.index).as_object();
  check_members(index, documented("vector index"));
  std::set<std::string> ids;
  for (const auto& file : index.at("files").as_array()) {
    BOOST_TEST(made.files.contains(std::string(file.as_string())));
    ids.insert(std::string(file.as_string().subview(0, file.as_string().size() - 5)));
  }
  for (const auto& left_out : index.at("leftOut").as_array()) {
    BOOST_TEST(!left_out.at("reason").as_string().empty());
    BOOST_TEST(ids.insert(std::string(left_out.at("id").as_string())).second);
  }
  BOOST_TEST(ids.size() == all_cases().size());
  BOOST_TEST(made.left_out == index.at("leftOut").as_array().size());
}

BOOST_AUTO_TEST_CASE(requests_that_are_no_pushes_say_so) {
  BOOST_TEST(verdicts("D1-other-methods") ==
             "GET hook: not 200\nPUT hook: not 200\nDELETE hook: not 200\nPOST hook: 200\n");
  BOOST_TEST(verdicts("D1-other-path") == "POST other: not 200\nPOST hook: 200\n");
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_matter_is_no_verdict) {
  const auto all = verdicts("E10-known-after-unknown");
  BOOST_TEST(all.starts_with("POST hook: any\nPOST hook: any\nPOST hook: 200\n"));
  BOOST_TEST(all.find("any", 30) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_form_of_a_request_is_told) {
  const auto chunked = first_request("D1-chunked");
  BOOST_TEST(chunked.at("framing") == "chunked");
  BOOST_TEST(chunked.at("pieces").as_array().size() == 3u);
  BOOST_TEST(chunked.at("headers").as_array().back() == json::array({"Transfer-Encoding", "chunked"}));
  const auto slow = first_request("D1-slow-sender");
  BOOST_TEST(slow.at("pauseMs") == 250);
  BOOST_TEST(slow.at("pieces").as_array().size() >= 12u);
  const auto upper = exported("D2-header-spelling").at("requests").at(1).as_object();
  BOOST_TEST(upper.at("headers").at(0) == json::array({"HOST", "$HOST"}));
  BOOST_TEST(first_request("D1-connection-close").at("headers").as_array().size() == 5u);
}

BOOST_AUTO_TEST_CASE(pieces_are_the_whole_body_and_bytes_that_are_no_text_are_base64) {
  for (const auto& [name, text] : vectors(plan_of()).files) {
    const auto parsed = json::parse(text);
    for (const auto& request : parsed.at("requests").as_array()) {
      if (request.at("body").is_null()) continue;
      std::size_t whole = 0;
      for (const auto& piece : request.at("pieces").as_array()) whole += piece.to_number<std::size_t>();
      BOOST_TEST(whole == request.at("body").as_string().size(), name);
    }
  }
  const auto broken = first_request("D1-not-utf8");
  BOOST_TEST(broken.at("body").is_null());
  BOOST_TEST(broken.at("bodyBase64").as_string().starts_with("eyJldmVudCI6"));  // {"event":
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_as_requests_is_left_out_with_its_reason) {
  const auto made = vectors(plan_of(
      {.only = {"D7-tls13", "D5-cut-body", "D1-keep-alive", "D3-no-echo", "R1", "E1"}, .skip = {"E1"}, .events = {}}));
  BOOST_TEST(made.files.empty());
  std::string reasons;
  const auto index = json::parse(made.index);
  for (const auto& one : index.at("leftOut").as_array()) {
    reasons += std::string(one.at("id").as_string()) + ": " + std::string(one.at("reason").as_string()) + "\n";
  }
  BOOST_TEST(reasons == R"(E1-event-created: left out by --skip
D1-keep-alive: it is about several pushes on one connection
D7-tls13: it is about TLS
D5-cut-body: it is about connections that break, or stay open
D3-no-echo: it is about what else stands in an answer, not about its status
R1-answers-after-crash: it is about a consumer that is killed
)");
}

BOOST_AUTO_TEST_CASE(a_question_that_does_not_arise_is_left_out_too) {
  const auto made = vectors(plan_of({.only = {"T7"}, .skip = {}, .events = {"event.created"}}));
  BOOST_TEST(made.files.empty());
  BOOST_TEST(made.index.find("--events names no deletion") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_index_tells_only_of_files_that_an_export_writes) {
  const auto made = vectors(plan_of({.only = {"E1", "E2"}, .skip = {}, .events = {}}));
  const std::vector<std::string> wanted{"E1-event-created.json", "E2-event-deleted.json"};
  BOOST_TEST(files_of_index(made.index) == wanted, boost::test_tools::per_element());
  const auto hostile = files_of_index(
      R"({"writtenBy": "mock-prospero conform --export", "files": ["../x.json", "/etc/x.json", ".x.json", "x", 7]})");
  BOOST_TEST(hostile.empty());
  for (const auto* const other : {"", "[]", "{}", R"({"files": []})", R"({"writtenBy": "me", "files": []})"}) {
    BOOST_CHECK_THROW(files_of_index(other), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_SUITE_END()
