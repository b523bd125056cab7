// The DOM of `data`, beside what Boost.JSON's own parser and the C library make of the same text.
#include <prospero/webhooks/payload/raw_json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <prospero/webhooks/payload/payload.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

std::string body_of(std::string_view data) {
  return R"({"event":"x","data":)" + std::string{data} + "}";
}

boost::json::value dom(std::string_view data) {
  const pw::ParseResult result = pw::parse(body_of(data));
  BOOST_TEST_REQUIRE(result.has_value(), std::string{data} + ": " + result.error().message());
  return std::get<pw::UnknownPayload>(*result).data();  // the copy outlives the payload
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dom_of_data, *label("D1") * label("T4"))

BOOST_AUTO_TEST_CASE(copy_of_a_part_outlives_the_payload) {
  std::optional<boost::json::value> kept;
  {
    const auto payload = pw::parse(body_of(R"({"list":["a text too long for any short form",{"a":1}]})")).value();
    kept = std::get<pw::UnknownPayload>(payload).data().at("list");
  }
  BOOST_TEST(boost::json::serialize(*kept) == R"(["a text too long for any short form",{"a":1}])");
}

BOOST_AUTO_TEST_CASE(copies_of_parts_that_hold_no_memory_yet_can_be_grown_after_the_payload_is_gone) {
  std::optional<boost::json::object> kept;
  {
    const auto payload = pw::parse(body_of(R"({"number":1,"text":"","object":{},"array":[]})")).value();
    kept = std::get<pw::UnknownPayload>(payload).data().as_object();
  }
  const std::string text(1000, 'x');
  kept->at("number") = text;
  kept->at("text").as_string() += text;
  kept->at("object").as_object()["member"] = text;
  kept->at("array").as_array().resize(100, kept->at("number"));
  BOOST_TEST(kept->at("array").at(99).as_string() == text);
  kept->at("object") = boost::json::value(boost::json::object{{"moved", text}}, kept->storage());
  BOOST_TEST(kept->at("object").at("moved").as_string() == text);
}

BOOST_AUTO_TEST_CASE(parts_may_be_copied_by_several_threads_each_from_a_payload_of_its_own) {
  const auto payload = pw::parse(body_of(R"({"list":["a text too long for any short form",{"a":1}]})")).value();
  const auto copy_many = [](const pw::AnyPayload& own) {
    std::vector<boost::json::value> copies;
    for (int i = 0; i < 1000; ++i) {
      copies.push_back(std::get<pw::UnknownPayload>(pw::AnyPayload{own}).data());
      if (i % 3 == 0) copies.erase(copies.begin());
    }
    return copies.back();
  };
  auto other = std::async(std::launch::async, copy_many, payload);
  const boost::json::value mine = copy_many(payload);
  BOOST_TEST((other.get() == mine));
}

BOOST_AUTO_TEST_CASE(dom_moves_with_the_payload) {
  pw::RawJson first{std::make_shared<const std::string>(R"(["a text too long for any short form"])"), 0, 38};
  const boost::json::value* const dom = &first.value();
  const pw::RawJson second = std::move(first);
  BOOST_TEST(&second.value() == dom);
}

BOOST_AUTO_TEST_CASE(dom_that_is_many_times_its_text_is_built) {
  std::string text = "[";
  for (int i = 0; i < 50'000; ++i) text += "[],{},";
  text.back() = ']';
  BOOST_TEST((dom(text) == boost::json::parse(text)));
}

BOOST_AUTO_TEST_CASE(values_are_those_of_the_general_parser) {
  for (const std::string_view text : {
           "null",
           "true",
           "false",
           "0",
           "-0",
           "7",
           "-7",
           "9223372036854775807",
           "-9223372036854775808",
           "9223372036854775808",
           "18446744073709551615",
           "[]",
           "{}",
           R"("")",
           R"("a")",
           "[1,[2,[3]],{}]",
           R"({"a":{"b":[null,true,{"c":"d"}]},"":""})",
           R"({"a":1,"b":2,"a":3})",
           R"("\"\\\/\b\f\n\r\t")",
           R"("\u0000\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff")",
           R"({"n\u00e4me":"v\n\nw"})",
           R"("äöü € 😀 text after")",
           " [ 1 , { \"a\" : 2 } ] ",
       }) {
    const boost::json::value expected = boost::json::parse(text);
    const boost::json::value found = dom(text);
    BOOST_TEST((found == expected), text << " became " << boost::json::serialize(found));
    BOOST_TEST((found.kind() == expected.kind()), text);
  }
}

BOOST_AUTO_TEST_CASE(decimals_of_any_length_are_the_nearest_doubles) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 20'000; ++i) {
    std::string digits = std::to_string(random() % 1'000'000'000'000'000'000);
    digits.resize(1 + random() % digits.size());
    if (digits.size() > 1 && digits.front() == '0') digits.front() = '1';
    const std::string text = (i % 2 ? "-" : "") + digits + "." + std::to_string(random() >> (random() % 64));
    const double found = dom(text).as_double();
    BOOST_TEST_REQUIRE(found == std::strtod(text.c_str(), nullptr), text);
  }
  BOOST_TEST(std::signbit(dom("-0.0").as_double()));
  BOOST_TEST(dom("0.00000000000001").as_double() == 1e-14);
}

BOOST_AUTO_TEST_CASE(what_ends_a_run_of_plain_characters_is_seen_at_any_place) {
  for (std::size_t length = 0; length < 150; ++length) {
    for (std::size_t place = 0; place <= length; ++place) {
      std::string text(length, 'x');
      text.insert(place, "\\u00e9");
      std::string expected(length, 'x');
      expected.insert(place, "\xC3\xA9");
      BOOST_TEST_REQUIRE(dom('"' + text + '"').as_string() == expected);
      BOOST_TEST_REQUIRE(dom('"' + expected + '"').as_string() == expected);
      for (const char wrong : {'\n', '\0', '\x1f', '\x80', '\xff'}) {
        text = std::string(length, 'x');
        text.insert(place, 1, wrong);
        const pw::ParseResult result = pw::parse(body_of('"' + text + '"'));
        BOOST_TEST_REQUIRE(result.has_error());
        BOOST_TEST_REQUIRE(result.error().offset() == 21 + place);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(runs_are_seen_wherever_a_string_begins) {
  for (std::size_t before = 0; before < 130; ++before) {
    const std::string text = '[' + std::string(before, ' ') + R"("abc",)" + std::string(before, ' ') + "\"x\",\"\"]";
    BOOST_TEST_REQUIRE((dom(text) == boost::json::array{"abc", "x", ""}));
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_ends_within_a_string_is_incomplete_at_its_end) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string text = '"' + std::string(length, 'x');
    BOOST_TEST_REQUIRE((pw::parse(text).error() == pw::ParseError{pw::PayloadErrc::incomplete, text.size()}));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_value_are_refused_not_overrun) {
  const auto body = std::make_shared<const std::string>(R"([12345,"abc",{"a":1}])");
  BOOST_TEST(pw::RawJson(body, 1, 5).value().as_int64() == 12345);
  BOOST_CHECK_THROW(pw::RawJson(body, 1, 3).value(), std::invalid_argument);
  BOOST_CHECK_THROW(pw::RawJson(body, 7, 2).value(), std::invalid_argument);
  BOOST_CHECK_THROW(pw::RawJson(body, 11, 9).value(), std::invalid_argument);
  BOOST_CHECK_THROW(pw::RawJson(body, body->size(), 0).value(), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
