// The public JSON parsing test suite: each document alone, and as the `data` of a push of an unknown webhook event.
#include <prospero/webhooks/payload/payload.hpp>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "pinned.hpp"

namespace pw = prospero::webhooks;
using pw::PayloadCondition;
using pw::PayloadErrc;

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Document {
  std::string name;
  std::string text;
};

std::string push(const std::string& document) {
  return R"({"event":"x.y","data":)" + document + "}";
}

// The package is a JavaScript module whose only statement exports an array that is JSON.
std::vector<Document> read_suite() {
  std::ifstream stream(JSON_SUITE_FILE, std::ios::binary);
  const std::string module{std::istreambuf_iterator<char>(stream), {}};
  constexpr std::string_view before = "export default";
  const std::size_t at = module.find(before);
  BOOST_TEST_REQUIRE(at != std::string::npos, "no suite in " JSON_SUITE_FILE);
  const std::size_t end = module.rfind(']') + 1;
  const auto list = boost::json::parse(std::string_view{module}.substr(at + before.size(), end - at - before.size()));
  std::vector<Document> documents;
  for (const boost::json::value& one : list.as_array()) {
    documents.push_back({std::string{one.at("name").as_string()}, std::string{one.at("input").as_string()}});
  }
  return documents;
}

std::vector<Document> documents(std::string_view prefix) {
  static const std::vector<Document> all = read_suite();
  std::vector<Document> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Document& d) { return d.name.starts_with(prefix); });
  return found;
}

bool is_no_json(const pw::ParseError& error) {
  return error.code() == PayloadCondition::not_json || error.code() == PayloadCondition::over_limit;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_suite)

BOOST_AUTO_TEST_CASE(each_y_document_is_accepted) {
  BOOST_TEST(documents("y_").size() == 95u);
  for (const Document& document : documents("y_")) {
    BOOST_TEST_CONTEXT(document.name) {
      const pw::ParseResult result = pw::parse(push(document.text));
      BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
      const auto& unknown = std::get<pw::UnknownPayload>(*result);
      BOOST_TEST((unknown.data() == boost::json::parse(document.text)));
      BOOST_TEST((pw::parse(document.text).error().code() == PayloadCondition::not_a_push));
    }
  }
}

BOOST_AUTO_TEST_CASE(each_n_document_is_refused) {
  BOOST_TEST(documents("n_").size() == 188u);
  for (const Document& document : documents("n_")) {
    BOOST_TEST_CONTEXT(document.name) {
      BOOST_TEST(is_no_json(pw::parse(push(document.text)).error()));
      BOOST_TEST(is_no_json(pw::parse(document.text).error()));
    }
  }
}

BOOST_AUTO_TEST_CASE(each_i_document_is_pinned_with_a_reason) {
  std::set<std::string_view> rows;
  for (const json_suite::Pinned& row : json_suite::pinned()) rows.insert(row.name);
  for (const Document& document : documents("i_")) {
    BOOST_TEST_CONTEXT(document.name) {
      const auto row = std::ranges::find(json_suite::pinned(), document.name, &json_suite::Pinned::name);
      BOOST_TEST_REQUIRE((row != json_suite::pinned().end()), "no row for it in pinned()");
      rows.erase(row->name);
      const pw::ParseResult result = pw::parse(push(document.text));
      if (result) {
        BOOST_TEST(!row->code.has_value(), "accepted, but: " << row->reason);
        BOOST_TEST(std::get<pw::UnknownPayload>(*result).json().text() == document.text);
        std::get<pw::UnknownPayload>(*result).data();
      } else {
        BOOST_TEST((row->code == result.error().errc()), result.error().message() << "; but: " << row->reason);
      }
    }
  }
  for (const std::string_view name : rows) BOOST_ERROR("no document for the row " << name);
}

BOOST_AUTO_TEST_CASE(documents_with_bytes_that_are_not_utf8_are_refused_for_them) {
  // The package lost these bytes: where U+FFFD stands, one that stands nowhere in UTF-8 is put again.
  int count = 0;
  for (const Document& document : documents("")) {
    std::string text = document.text;
    std::size_t at = 0;
    while ((at = text.find(replacement)) != std::string::npos) text.replace(at, replacement.size(), "\xFF");
    if (text == document.text) continue;
    ++count;
    BOOST_TEST_CONTEXT(document.name) {
      BOOST_TEST((pw::parse(push(text)).error().errc() == PayloadErrc::invalid_utf8));
    }
  }
  BOOST_TEST(count == 25);
}

BOOST_AUTO_TEST_SUITE_END()
