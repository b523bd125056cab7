#include "cli/push_body.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;
using namespace mock::cli;

namespace {

const mock::world::Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

PushBody make(const PushContent& content, const std::string& input = "") {
  std::mt19937_64 random(1);
  std::istringstream stream(input);
  return make_push_body(content, now, random, stream);
}

std::string changed(const std::string& data, const std::string& change) {
  return apply_change(data, change);
}

std::string refusal(const PushContent& content, const std::string& input = "") {
  try {
    make(content, input);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_body)

BOOST_AUTO_TEST_CASE(without_data_is_a_sample, *utf::label("D1") * utf::label("T1") * utf::label("T2")) {
  const auto body = make({.event = "invoice.updated"});
  const auto value = json::parse(body.bytes).as_object();
  BOOST_TEST(value.at("event") == "invoice.updated");
  BOOST_TEST(value.at("data").at("id").as_string() == body.entity_id.value());
  BOOST_TEST(body.entity_id->at(14) == '1');
  BOOST_TEST(value.at("data").at("lastUpdatedAt") == "2026-11-24T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(takes_the_entity_from_a_file_or_standard_input, *utf::label("D1")) {
  const test_support::TempFolder folder;
  std::ofstream(folder.file("data.json")) << R"({"id":"x","n":1.50})";
  const auto from_file = make({.event = "a.b", .data_file = folder.file("data.json")});
  BOOST_TEST(json::parse(from_file.bytes) == json::parse(R"({"event":"a.b","data":{"id":"x","n":1.5}})"));
  BOOST_TEST(from_file.entity_id.value() == "x");
  BOOST_TEST(make({.event = "a.b", .data_file = "-"}, "[1]").bytes == R"({"event":"a.b","data":[1]})");
}

BOOST_AUTO_TEST_CASE(raw_bytes_are_sent_as_they_are, *utf::label("D1")) {
  const std::string bytes("{\"ev\0ent\"\xFF\r\n", 12);
  const auto body = make({.event = "a.b", .body_file = "-"}, bytes);
  BOOST_TEST(body.bytes == bytes);
  BOOST_TEST(!body.entity_id.has_value());
}

BOOST_AUTO_TEST_CASE(set_puts_values_into_the_entity, *utf::label("D1")) {
  BOOST_TEST(changed("{}", "/status=paid") == R"({"status":"paid"})");
  BOOST_TEST(changed("{}", "/n=12") == R"({"n":12})");
  BOOST_TEST(changed("{}", "/t=\"12\"") == R"({"t":"12"})");
  BOOST_TEST(changed(R"({"a":1})", "/a=null") == R"({"a":null})");
  BOOST_TEST(changed("{}", "/a/b/c=true") == R"({"a":{"b":{"c":true}}})");
  BOOST_TEST(changed("{}", "/x=a=b") == R"({"x":"a=b"})");
  BOOST_TEST(changed("{}", "/x=") == R"({"x":""})");
  BOOST_TEST(changed("{}", "/a~1b/~0~01=1") == R"({"a/b":{"~~1":1}})");
  BOOST_TEST(changed(R"({"l":[1,2]})", "/l/1=9") == R"({"l":[1,9]})");
  BOOST_TEST(changed(R"({"l":[1,2]})", "/l/-/k=9") == R"({"l":[1,2,{"k":9}]})");
  BOOST_TEST(json::parse(make({.event = "a.b", .changes = {"/status=sent"}}).bytes).at("data").at("status") == "sent");
}

BOOST_AUTO_TEST_CASE(what_is_given_is_sent_as_it_is_spelled, *utf::label("T4") * utf::label("D1")) {
  const auto data =
      R"({"a": 1.10, "big":123456789012345678901234567890, "huge":1e999, "half":"\ud800", "a":2,"\u0062":"\/"})";
  BOOST_TEST(
      make({.event = "a.b", .data_file = "-"}, data).bytes ==
      R"({"event":"a.b","data":{"a":1.10,"big":123456789012345678901234567890,"huge":1e999,"half":"\ud800","a":2,"\u0062":"\/"}})");
  BOOST_TEST(changed(R"({"n":1.10,"o":{"m":2.0}})", "/o/k=0.50") == R"({"n":1.10,"o":{"m":2.0,"k":0.50}})");
  BOOST_TEST(changed(R"({"\u0062":1})", "/b=2") == R"({"\u0062":2})");
  const auto refused = refusal({.event = "a.b", .data_file = "-", .changes = {"/a=3"}}, R"({"a":1,"a":2})");
  BOOST_TEST(refused == "--set /a: 'a' stands twice in one object: which one is meant?");
  BOOST_TEST(refusal({.event = "a.b", .changes = {"/a=\xff"}}) == "--set /a: the value is not UTF-8");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_by_name, *utf::label("D1")) {
  BOOST_TEST(refusal({.event = "a.b", .data_file = "/nonexistent/x"}) ==
             "--data /nonexistent/x: cannot be read: No such file or directory");
  BOOST_TEST(refusal({.event = "a.b", .body_file = "/"}) ==
             "--body /: is a folder; name a file, or - for standard input");
  BOOST_TEST(refusal({.event = "a.b", .data_file = "-"}, "{").starts_with("--data -: not JSON"));
  for (const char* bad : {"status", "status=1", "=1", "/a~2=1", "/a~=1", "/l/2=1", "/l/x=1", "/l/1x=1", "/n/x=1"}) {
    BOOST_TEST_CONTEXT(bad) {
      const auto text = refusal({.event = "a.b", .data_file = "-", .changes = {bad}}, R"({"l":[1,2],"n":1})");
      BOOST_TEST(text.starts_with("--set "));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
