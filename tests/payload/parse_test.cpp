#include <prospero/webhooks/payload/payload.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::PayloadErrc;

namespace {

constexpr std::string_view id_text = "5d1c3a70-c9f1-11ef-8f3a-0242ac120002";

std::string push(std::string_view event, std::string_view data) {
  return R"({"event":")" + std::string{event} + R"(","data":)" + std::string{data} + "}";
}
std::string with_id(std::string_view rest = {}) {
  return R"({"id":")" + std::string{id_text} + "\"" + std::string{rest} + "}";
}

struct Refused {
  std::string body;
  PayloadErrc code;
  std::size_t offset;
  std::string_view pointer = "";
};

void check_refused(const std::vector<Refused>& rows, pw::ParseLimits limits = {}) {
  for (const Refused& row : rows) {
    BOOST_TEST_CONTEXT("body " << row.body.substr(0, 200)) {
      const pw::ParseResult result = pw::parse(row.body, limits);
      BOOST_TEST_REQUIRE(result.has_error());
      const pw::ParseError error = result.error();
      BOOST_TEST(error.code().message() == pw::make_error_code(row.code).message());
      BOOST_TEST(error.offset() == row.offset);
      BOOST_TEST(error.pointer() == row.pointer);
    }
  }
}

void check_accepted(const std::vector<std::string>& bodies, pw::ParseLimits limits = {}) {
  for (const std::string& body : bodies) {
    BOOST_TEST_CONTEXT("body " << body.substr(0, 200)) {
      const pw::ParseResult result = pw::parse(body, limits);
      BOOST_TEST(result.has_value(), result.error().message());
      if (result) BOOST_TEST(*pw::body(*result) == body);
    }
  }
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parse)

BOOST_AUTO_TEST_CASE(each_known_event_has_its_type, *label("E1") * label("E2") * label("E3") * label("E4") *
                                                        label("E5") * label("E6") * label("E7") * label("E8") *
                                                        label("E9") * label("D1")) {
  for (const pw::WebhookEvent event : pw::all_webhook_events) {
    const pw::ParseResult result = pw::parse(push(to_text(event), with_id()));
    BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
    BOOST_TEST(result->index() == static_cast<std::size_t>(event));
    BOOST_TEST((pw::known_event(*result) == event));
    BOOST_TEST(pw::event_name(*result) == to_text(event));
    BOOST_TEST(to_text(pw::entity_id(*result).value()) == id_text);
  }
}

BOOST_AUTO_TEST_CASE(payload_types_name_their_event_family_and_change, *label("E6")) {
  const pw::ParseResult result = pw::parse(push("invoice.updated", with_id(R"(,"total":"12.50")")));
  const auto& updated = std::get<pw::InvoiceUpdated>(result.value());
  BOOST_TEST((updated.event == pw::WebhookEvent::invoice_updated));
  BOOST_TEST((updated.family == pw::Family::invoice));
  BOOST_TEST((updated.change == pw::Change::updated));
  BOOST_TEST(updated.data().fields().at("total").as_string() == "12.50");
}

BOOST_AUTO_TEST_CASE(unknown_event_is_a_value, *label("E10")) {
  const std::string long_name(5000, 'x');
  for (const std::string& name :
       {std::string{"venue.created"}, std::string{}, std::string{"Event.created"}, long_name}) {
    for (const std::string_view data : {"null", "7", "[]", R"("x")", R"({"id":1,"id":2})", "{}"}) {
      const std::string body = push(name, data);
      const pw::ParseResult result = pw::parse(body);
      BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
      const auto& unknown = std::get<pw::UnknownPayload>(*result);
      BOOST_TEST(unknown.event_name() == name);
      BOOST_TEST(unknown.json().text() == data);
      BOOST_TEST(unknown.raw() == body);
      BOOST_TEST((unknown.data() == boost::json::parse(data)));
      BOOST_TEST(!pw::entity_id(*result).has_value());
      BOOST_TEST(!pw::known_event(*result).has_value());
      BOOST_TEST(pw::header(*result) == nullptr);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_top_level_members_are_allowed_and_kept, *label("D1")) {
  check_accepted({
      R"({"version":1,"event":"x","data":1,"version":[{"event":1,"data":2}],"sent":null})",
      R"({"":1,"event":"x","data":1,"":2})",
      " \t\r\n{ \"data\" : { \"id\" : \"" + std::string{id_text} + "\" } , \"event\" : \"offer.created\" } \n",
  });
}

BOOST_AUTO_TEST_CASE(data_is_found_whatever_stands_around_it, *label("D1")) {
  const std::string value = with_id(R"(,"a":[1,{"data":2}])");
  for (const std::string& body : {
           R"({"event":"event.created","data":)" + value + "}",
           R"({"data":)" + value + R"(,"event":"event.created"})",
           "{ \"data\" \n:\t" + value + " \n , \"event\" : \"event.created\" }\n\n",
           R"({"event":"event.created","data":)" + value + R"( , "":1,"x":"}"})",
           R"({"event":"event.created","data":)" + value + R"(,"\u0041":1})",
           R"({"event":"event.created","d\u0061ta":)" + value + R"(,"z":1})",
           R"({"event":"event.created","\u0064ata":)" + value + "}",
           R"({"\u0065vent":"event\u002ecreated","data" : )" + value + " }",
       }) {
    BOOST_TEST_CONTEXT("body " << body) {
      const pw::ParseResult result = pw::parse(body);
      BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
      const auto& created = std::get<pw::EventCreated>(*result);
      BOOST_TEST(created.data().text() == value);
      BOOST_TEST(created.data().fields().size() == 2u);
    }
  }
}

BOOST_AUTO_TEST_CASE(shape_is_checked_in_the_order_of_the_codes, *label("D1") * label("T1")) {
  const std::string id = std::string{id_text};
  check_refused({
      {"[]", PayloadErrc::not_an_object, 0},
      {" 7", PayloadErrc::not_an_object, 1},
      {R"("event")", PayloadErrc::not_an_object, 0},
      {R"([{"event":"x","data":1}])", PayloadErrc::not_an_object, 0},
      {" {}", PayloadErrc::event_missing, 1, "/event"},
      {R"({"data":1})", PayloadErrc::event_missing, 0, "/event"},
      {R"({"data":{"event":"x"}})", PayloadErrc::event_missing, 0, "/event"},
      {R"({"event":"x","event":"x","data":1})", PayloadErrc::event_repeated, 13, "/event"},
      {R"({"event":"x","data":1,"ev\u0065nt":"x"})", PayloadErrc::event_repeated, 22, "/event"},
      {R"({"event":"x","data":1,"\u0065\u0076\u0065\u006E\u0074":"x"})", PayloadErrc::event_repeated, 22, "/event"},
      {R"({"event":1,"event":2})", PayloadErrc::event_repeated, 11, "/event"},
      {R"({"event": null,"data":1})", PayloadErrc::event_not_a_string, 10, "/event"},
      {R"({"event":["x"],"data":1})", PayloadErrc::event_not_a_string, 9, "/event"},
      {R"({"event":{"event":"x"},"data":1})", PayloadErrc::event_not_a_string, 9, "/event"},
      {R"({"event":"x"})", PayloadErrc::data_missing, 0, "/data"},
      {R"({"event":"x","data":1,"data":1})", PayloadErrc::data_repeated, 22, "/data"},
      {R"({"event":"x","data":1,"dat\u0061":1})", PayloadErrc::data_repeated, 22, "/data"},
      {R"({"event":"event.created","data":[]})", PayloadErrc::data_not_an_object, 32, "/data"},
      {R"({"event":"event.created","data": 1})", PayloadErrc::data_not_an_object, 33, "/data"},
      {R"({"event":"event.created","data":"x"})", PayloadErrc::data_not_an_object, 32, "/data"},
      {R"({"event":"event.created","data":[{"id":")" + id + R"("}]})", PayloadErrc::data_not_an_object, 32, "/data"},
      {R"({"event":"event.created","data":{}})", PayloadErrc::id_missing, 32, "/data/id"},
      {R"({"id":1,"event":"event.created","data":{"x":{"id":"a"}}})", PayloadErrc::id_missing, 39, "/data/id"},
      {R"({"event":"event.created","data":{"id":")" + id + R"(","id":")" + id + R"("}})", PayloadErrc::id_repeated, 77,
       "/data/id"},
      {R"({"data":{"id":")" + id + R"(","i\u0064":1},"event":"event.created"})", PayloadErrc::id_repeated, 53,
       "/data/id"},
      {R"({"event":"event.created","data":{"id":7}})", PayloadErrc::id_not_a_string, 38, "/data/id"},
      {R"({"event":"event.created","data":{"id":{}}})", PayloadErrc::id_not_a_string, 38, "/data/id"},
      {R"({"event":"event.created","data":{"id":null}})", PayloadErrc::id_not_a_string, 38, "/data/id"},
      {R"({"event":"event.created","data":{"id":""}})", PayloadErrc::id_not_a_uuid, 38, "/data/id"},
      {R"({"event":"event.created","data":{"id":"{)" + id + R"(}"}})", PayloadErrc::id_not_a_uuid, 38, "/data/id"},
  });
}

BOOST_AUTO_TEST_CASE(id_spelled_with_escapes_is_the_same_id, *label("T1")) {
  const pw::ParseResult result =
      pw::parse(R"({"event":"offer.deleted","data":{"\u0069d":"\u0035d1c3a70-c9f1-11ef-8f3a-0242ac12000\u0032"}})");
  BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
  BOOST_TEST(to_text(pw::entity_id(*result).value()) == id_text);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_json_is_refused_at_its_first_wrong_byte, *label("D1")) {
  check_refused({
      {"", PayloadErrc::incomplete, 0},
      {" \n", PayloadErrc::incomplete, 2},
      {"{", PayloadErrc::incomplete, 1},
      {R"({"event)", PayloadErrc::incomplete, 7},
      {R"({"event")", PayloadErrc::incomplete, 8},
      {R"({"event":)", PayloadErrc::incomplete, 9},
      {R"({"event":"x\)", PayloadErrc::incomplete, 12},
      {R"({"event":"x\u00)", PayloadErrc::incomplete, 15},
      {R"({"a":tru)", PayloadErrc::incomplete, 8},
      {R"({"a":-)", PayloadErrc::incomplete, 6},
      {R"({"a":1.)", PayloadErrc::incomplete, 7},
      {R"({"a":1e)", PayloadErrc::incomplete, 7},
      {R"({"a":1e+)", PayloadErrc::incomplete, 8},
      {R"({"a":1,)", PayloadErrc::incomplete, 7},
      {"x", PayloadErrc::syntax, 0},
      {"{x", PayloadErrc::syntax, 1},
      {"{'a':1}", PayloadErrc::syntax, 1},
      {R"({"a":trup})", PayloadErrc::syntax, 8},
      {R"({"a":01})", PayloadErrc::syntax, 6},
      {R"({"a":+1})", PayloadErrc::syntax, 5},
      {R"({"a":.5})", PayloadErrc::syntax, 5},
      {R"({"a":1.e5})", PayloadErrc::syntax, 7},
      {R"({"a":1e})", PayloadErrc::syntax, 7},
      {R"({"a":0x1})", PayloadErrc::syntax, 6},
      {R"({"a":NaN})", PayloadErrc::syntax, 5},
      {R"({"a":-Infinity})", PayloadErrc::syntax, 6},
      {R"({"a":1,})", PayloadErrc::syntax, 7},
      {R"({"a":[1,]})", PayloadErrc::syntax, 8},
      {R"({"a":[1 2]})", PayloadErrc::syntax, 8},
      {R"({"a" 1})", PayloadErrc::syntax, 5},
      {R"({"a":1]})", PayloadErrc::syntax, 6},
      {R"({a:1})", PayloadErrc::syntax, 1},
      {R"({"a":"\x"})", PayloadErrc::syntax, 7},
      {R"({"a":"\u12g4"})", PayloadErrc::syntax, 10},
      {"{\"a\":\"\n\"}", PayloadErrc::syntax, 6},
      {std::string("{\"a\":\"\0\"}", 9), PayloadErrc::syntax, 6},
      {std::string("{\0}", 3), PayloadErrc::syntax, 1},
      {R"({"a":1/**/})", PayloadErrc::syntax, 6},
      {R"({}x)", PayloadErrc::trailing_bytes, 2},
      {R"({"event":"x","data":1} {})", PayloadErrc::trailing_bytes, 23},
      {std::string("{}\0", 3), PayloadErrc::trailing_bytes, 2},
      {"\xEF\xBB\xBF{}", PayloadErrc::byte_order_mark, 0},
  });
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_refused_wherever_it_stands, *label("D1")) {
  const auto in_value = [](std::string_view bytes) { return R"({"event":"x","data":")" + std::string{bytes} + "\"}"; };
  check_refused({
      {in_value("\x80"), PayloadErrc::invalid_utf8, 21},
      {in_value("a\xC0\xAF"), PayloadErrc::invalid_utf8, 22},
      {in_value("\xC1\xBF"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xE0\x80\xAF"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xE2\x82"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xED\xA0\x80"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xED\xBF\xBF"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xF0\x80\x80\xAF"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xF4\x90\x80\x80"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xF5\x80\x80\x80"), PayloadErrc::invalid_utf8, 21},
      {in_value("\xFF"), PayloadErrc::invalid_utf8, 21},
      {"{\"\xC0\x80\":1,\"event\":\"x\",\"data\":1}", PayloadErrc::invalid_utf8, 2},
      {"{\"a\":1 \xFF", PayloadErrc::invalid_utf8, 7},
      {"\xFF\xFE{\0}", PayloadErrc::invalid_utf8, 0},
      {"{]\xE2\x82", PayloadErrc::invalid_utf8, 2},
  });
  check_accepted(
      {in_value("\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF")});
}

BOOST_AUTO_TEST_CASE(size_limit_is_exact, *label("D1")) {
  const std::string body = push("x", "1");
  check_accepted({body}, {.bytes_max = body.size()});
  check_refused({{body, PayloadErrc::too_large, body.size() - 1}}, {.bytes_max = body.size() - 1});
  const std::string mebibyte = push("x", '"' + std::string((1u << 20) - 23, 'a') + '"');
  BOOST_TEST(mebibyte.size() == 1u << 20);
  check_accepted({mebibyte});
  check_refused({{mebibyte + " ", PayloadErrc::too_large, 1u << 20}});
  const auto shared = std::make_shared<const std::string>(mebibyte + " ");  // the overload that does not copy
  BOOST_TEST((pw::parse(shared).error() == pw::ParseError{PayloadErrc::too_large, 1u << 20}));
}

BOOST_AUTO_TEST_CASE(depth_limit_counts_the_outermost_object_as_1, *label("D1")) {
  check_accepted({push("x", nested(63))});
  check_refused({{push("x", nested(64)), PayloadErrc::too_deep, 20 + 63}});
  check_refused({{push("x", "1"), PayloadErrc::too_deep, 0}}, {.depth_max = 0});
  check_accepted({push("x", "1")}, {.depth_max = 1});
  check_accepted({push("x", nested(999))}, {.depth_max = 100'000});
  check_refused({{push("x", nested(1000)), PayloadErrc::too_deep, 20 + 999}}, {.depth_max = 100'000});
  check_refused({{std::string(1u << 20, '['), PayloadErrc::too_deep, 64}});
}

BOOST_AUTO_TEST_CASE(shared_bytes_are_kept_not_copied, *label("D1")) {
  const auto bytes = std::make_shared<const std::string>(push("x", "1"));
  const pw::ParseResult result = pw::parse(bytes);
  BOOST_TEST_REQUIRE(result.has_value());
  BOOST_TEST(pw::body(*result) == bytes);
  BOOST_TEST((pw::parse(std::shared_ptr<const std::string>{}).error() == pw::ParseError{PayloadErrc::incomplete, 0}));
}

BOOST_AUTO_TEST_CASE(value_of_a_refused_result_throws_what_is_wrong, *label("D1")) {
  BOOST_CHECK_EXCEPTION(pw::parse("[]").value(), pw::PayloadException, [](const pw::PayloadException& e) {
    return e.error().code() == PayloadErrc::not_an_object && e.what() == e.error().message();
  });
}

BOOST_AUTO_TEST_SUITE_END()
