// Valid JSON that senders in JavaScript produce and Boost.JSON 1.81 refuses: it must not be lost.
#include <prospero/webhooks/payload/payload.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

pw::UnknownPayload parsed_data(std::string_view data) {
  const std::string body = R"({"event":"x","data":)" + std::string{data} + "}";
  pw::ParseResult result = pw::parse(body);
  BOOST_TEST_REQUIRE(result.has_value(), body + ": " + result.error().message());
  auto unknown = std::get<pw::UnknownPayload>(std::move(result).value());
  BOOST_TEST(unknown.json().text() == data);
  BOOST_TEST(unknown.raw() == body);
  return unknown;
}

std::string text_of(std::string_view data) {
  return std::string{parsed_data(data).data().as_string()};
}
double number_of(std::string_view data) {
  return parsed_data(data).data().to_number<double>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(javascript, *label("D1"))

BOOST_AUTO_TEST_CASE(lone_surrogate_escapes_read_as_replacement_characters) {
  const std::string mark = "\xEF\xBF\xBD";
  const std::string smile = "\xF0\x9F\x98\x80";
  BOOST_TEST(text_of(R"("cut \ud83d")") == "cut " + mark);
  BOOST_TEST(text_of(R"("\uDE00 tail")") == mark + " tail");
  BOOST_TEST(text_of(R"("\ud83d\ud83d\ude00\ude00")") == mark + smile + mark);
  BOOST_TEST(text_of(R"("\ud83d\u0041")") == mark + "A");
  BOOST_TEST(text_of(R"("\ud83d\\ude00")") == mark + "\\ude00");
  BOOST_TEST(text_of(R"("\\ud83d")") == "\\ud83d");
  BOOST_TEST(text_of(R"("\ud83d\"")") == mark + "\"");
  BOOST_TEST(text_of(R"("\ud83d\n")") == mark + "\n");
  BOOST_TEST(text_of(R"("\ud83d\ude00")") == smile);
}

BOOST_AUTO_TEST_CASE(surrogates_in_names_and_header_do_not_lose_the_push, *label("E1") * label("T3")) {
  const std::string body =
      R"({"\ud83d":1,"event":"event.created","data":{"title\udc00":"\ud83d","orgId":"\ud83d","id":"5d1c3a70-c9f1-11ef-8f3a-0242ac120002"}})";
  const pw::ParseResult result = pw::parse(body);
  BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
  const auto& created = std::get<pw::EventCreated>(*result);
  BOOST_TEST(!created.data().org_id().has_value());
  BOOST_TEST(created.data().fields().at("title\xEF\xBF\xBD").as_string() == "\xEF\xBF\xBD");
  BOOST_TEST(created.raw() == body);
}

BOOST_AUTO_TEST_CASE(an_event_name_with_a_lone_surrogate_is_unknown, *label("E10")) {
  const pw::ParseResult result = pw::parse(R"({"event":"event.created\ud83d","data":1})");
  BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
  BOOST_TEST(pw::event_name(*result) == "event.created\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(numbers_of_any_size_are_read) {
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(number_of("1e99999999999999999999") == infinity);
  BOOST_TEST(number_of("-1E+99999999999999999999") == -infinity);
  BOOST_TEST(number_of("1e-99999999999999999999") == 0.0);
  BOOST_TEST(std::signbit(number_of("-1.5e-99999999999999999999")));
  BOOST_TEST(number_of("1e2147483648") == infinity);
  BOOST_TEST(number_of("1e-2147483647") == 0.0);
  BOOST_TEST(number_of("0.0000000000000001e-2147483647") == 0.0);
  BOOST_TEST(number_of("0e99999999999999999999") == 0.0);
  BOOST_TEST(number_of("0e400") == 0.0);
  BOOST_TEST(number_of("1e400") == infinity);
  BOOST_TEST(number_of("1e-400") == 0.0);
  BOOST_TEST(number_of("1e00000000000000000000000000000002") == 100.0);
  BOOST_TEST(number_of(std::string(400, '9')) == infinity);
  BOOST_TEST(number_of("18446744073709551616") == 18446744073709551616.0);
  BOOST_TEST(number_of("0." + std::string(400, '0') + "1e401") == 1.0);
}

BOOST_AUTO_TEST_CASE(doubles_are_the_nearest) {
  for (const char* text : {"0.1", "2.5e-3", "1.7976931348623157e308", "4.9406564584124654e-324",
                           "2.2250738585072014e-308", "9007199254740993.0", "123456789012345678901234567890",
                           "-7.038531e-26", "5e-324", "8.41e21", "9.5367431640625e-07", "6.0221407600000000e+23"}) {
    BOOST_TEST(number_of(text) == std::strtod(text, nullptr), text);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_byte_after_a_repairable_one_is_found_at_its_place) {
  BOOST_TEST((pw::parse(R"({"a":"\ud83d","b":1e9999999999,})").error() == pw::ParseError{pw::PayloadErrc::syntax, 31}));
  BOOST_TEST((pw::parse(R"({"a":"\ud83d","event":1})").error() ==
              pw::ParseError{pw::PayloadErrc::event_not_a_string, 22, "/event"}));
}

BOOST_AUTO_TEST_SUITE_END()
