#include <prospero/webhooks/payload/bind.hpp>

#include <boost/describe.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <list>
#include <map>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::PayloadErrc;

namespace sample {

enum class Status { draft, sent, paid };
BOOST_DESCRIBE_ENUM(Status, draft, sent, paid)

struct Line {
  std::string text;
  double price = 0;
};
BOOST_DESCRIBE_STRUCT(Line, (), (text, price))

struct Base {
  pw::Uuid id;
};
BOOST_DESCRIBE_STRUCT(Base, (), (id))

struct Invoice : Base {
  Status status = Status::draft;
  std::optional<pw::Date> dueDate;
  std::vector<Line> lines;
};
BOOST_DESCRIBE_STRUCT(Invoice, (Base), (status, dueDate, lines))

// Has a spelling that no enumerator can have, so it reads itself; a description would not be looked at.
enum class Mode { in_person, on_line };
Mode tag_invoke(boost::json::value_to_tag<Mode>, const boost::json::value& json) {
  if (json == "in-person") return Mode::in_person;
  if (json == "on-line") return Mode::on_line;
  throw std::runtime_error{"no such mode"};
}

struct Money {
  explicit Money(long c) : cents(c) {}
  long cents;
};
boost::system::result<Money> tag_invoke(boost::json::try_value_to_tag<Money>, const boost::json::value& json) {
  if (const auto* cents = json.if_int64()) return Money{*cents};
  return make_error_code(boost::system::errc::invalid_argument);
}

struct Everything {
  bool flag = false;
  std::int8_t small = 0;
  std::uint64_t large = 0;
  float rough = 0;
  pw::Timestamp at;
  pw::TimeOfDay opens;
  Mode mode = Mode::in_person;
  std::optional<Money> money;
  std::array<int, 2> pair{};
  std::list<bool> flags;
  std::map<std::string, int> counts;
  std::unordered_map<std::string, Line> named;
  boost::json::value any;
  std::optional<std::optional<int>> twice;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (flag, small, large, rough, at, opens, mode, money, pair, flags, counts, named, any, twice))

struct Slashed {
  std::map<std::string, std::vector<int>> tags;
};
BOOST_DESCRIBE_STRUCT(Slashed, (), (tags))

}  // namespace sample

namespace {

constexpr const char* everything = R"({"flag":true,"small":-128,"large":18446744073709551615,"rough":0.1,
  "at":"2026-11-24T07:00:00.5+01:00","opens":"09:30:00","mode":"on-line","money":1250,"pair":[1,2.0],"flags":[true,false],
  "counts":{"a":1},"named":{"x":{"text":"t","price":2}},"any":[null],"twice":3,"unasked":{"deep":[]}})";

pw::CalendarEvent event_with(std::string_view fields) {
  const std::string body =
      R"({"event":"event.created","data":{"id":"5d1c3a70-c9f1-11ef-8f3a-0242ac120002")" + std::string{fields} + "}}";
  return std::get<pw::EventCreated>(pw::parse(body).value()).data();
}

template <class T>
void check_fails(const boost::json::value& json, PayloadErrc code, std::string_view pointer,
                 std::string_view detail = {}) {
  BOOST_TEST_CONTEXT(boost::json::serialize(json)) {
    const auto result = pw::bind<T>(json);
    BOOST_TEST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().code().message() == pw::make_error_code(code).message());
    BOOST_TEST(result.error().pointer() == pointer);
    BOOST_TEST(result.error().detail() == detail);
    BOOST_TEST((result.error().code() == pw::PayloadCondition::does_not_fit));
  }
}

// `everything` with one member replaced.
boost::json::value with(std::string_view name, boost::json::value value) {
  boost::json::value json = boost::json::parse(everything);
  json.as_object()[name] = std::move(value);
  return json;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bind, *label("T4"))

BOOST_AUTO_TEST_CASE(an_entity_becomes_the_applications_type) {
  const auto mine = pw::bind<sample::Invoice>(
      event_with(R"(,"status":"sent","dueDate":"2026-12-31","lines":[{"text":"hall","price":10.5,"tax":1}],"x":1)"));
  BOOST_TEST_REQUIRE(mine.has_value(), mine.error().message());
  BOOST_TEST(to_text(mine->id) == "5d1c3a70-c9f1-11ef-8f3a-0242ac120002");
  BOOST_TEST((mine->status == sample::Status::sent));
  BOOST_TEST((mine->dueDate == pw::Date{2026, 12, 31}));
  BOOST_TEST_REQUIRE(mine->lines.size() == 1u);
  BOOST_TEST(mine->lines[0].price == 10.5);
}

BOOST_AUTO_TEST_CASE(every_kind_of_member_is_read, *label("T2")) {
  const auto all = pw::bind<sample::Everything>(boost::json::parse(everything));
  BOOST_TEST_REQUIRE(all.has_value(), all.error().message());
  BOOST_TEST(all->flag);
  BOOST_TEST(static_cast<int>(all->small) == -128);
  BOOST_TEST(all->large == 18446744073709551615u);
  BOOST_TEST(all->rough == 0.1f);
  BOOST_TEST(to_text(all->at) == "2026-11-24T06:00:00.5Z");
  BOOST_TEST(to_text(all->opens) == "09:30:00");
  BOOST_TEST((all->mode == sample::Mode::on_line));
  BOOST_TEST(all->money->cents == 1250);
  BOOST_TEST(all->pair[1] == 2);
  BOOST_TEST(all->flags.size() == 2u);
  BOOST_TEST(all->counts.at("a") == 1);
  BOOST_TEST(all->named.at("x").text == "t");
  BOOST_TEST((all->any == boost::json::value{nullptr}));
  BOOST_TEST((all->twice.value() == 3));
}

BOOST_AUTO_TEST_CASE(optional_members_may_be_absent_or_null) {
  for (const char* fields : {R"(,"status":"paid","lines":[])", R"(,"status":"paid","lines":[],"dueDate":null)"}) {
    const auto mine = pw::bind<sample::Invoice>(event_with(fields));
    BOOST_TEST_REQUIRE(mine.has_value(), mine.error().message());
    BOOST_TEST(!mine->dueDate.has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_failing_member_is_named_from_the_body_on) {
  const auto error_of = [](std::string_view fields) { return pw::bind<sample::Invoice>(event_with(fields)).error(); };
  BOOST_TEST((error_of("") == pw::ParseError{PayloadErrc::field_missing, 0, "/data/status"}));
  BOOST_TEST((error_of(R"(,"status":"void")") == pw::ParseError{PayloadErrc::field_malformed, 0, "/data/status"}));
  BOOST_TEST((error_of(R"(,"status":"paid","dueDate":"soon")") ==
              pw::ParseError{PayloadErrc::field_malformed, 0, "/data/dueDate"}));
  BOOST_TEST((error_of(R"(,"status":"paid","lines":[{"text":"a","price":1},{"text":"b"}])") ==
              pw::ParseError{PayloadErrc::field_missing, 0, "/data/lines/1/price"}));
  BOOST_TEST((error_of(R"(,"status":"paid","lines":[7])") ==
              pw::ParseError{PayloadErrc::field_wrong_type, 0, "/data/lines/0"}));
}

BOOST_AUTO_TEST_CASE(names_are_escaped_in_the_path_of_an_error) {
  pw::detail::BindFailure failure;
  failure.within("a/b~c");
  BOOST_TEST(std::move(failure).error("/data").pointer() == "/data/a~1b~0c");
}

BOOST_AUTO_TEST_CASE(each_kind_of_misfit_has_its_code, *label("T2")) {
  using sample::Everything;
  check_fails<Everything>(boost::json::parse("[]"), PayloadErrc::field_wrong_type, "");
  check_fails<Everything>(with("flag", 1), PayloadErrc::field_wrong_type, "/flag");
  check_fails<Everything>(with("flag", nullptr), PayloadErrc::field_wrong_type, "/flag");
  check_fails<Everything>(with("small", "1"), PayloadErrc::field_wrong_type, "/small");
  check_fails<Everything>(with("small", 128), PayloadErrc::field_out_of_range, "/small");
  check_fails<Everything>(with("small", 1.5), PayloadErrc::field_out_of_range, "/small");
  check_fails<Everything>(with("large", -1), PayloadErrc::field_out_of_range, "/large");
  check_fails<Everything>(with("large", 1e300), PayloadErrc::field_out_of_range, "/large");
  check_fails<Everything>(with("rough", 1e39), PayloadErrc::field_out_of_range, "/rough");
  check_fails<Everything>(with("rough", std::numeric_limits<double>::infinity()), PayloadErrc::field_out_of_range,
                          "/rough");
  check_fails<Everything>(with("at", "2026-11-24"), PayloadErrc::field_malformed, "/at");
  check_fails<Everything>(with("at", 0), PayloadErrc::field_wrong_type, "/at");
  check_fails<Everything>(with("opens", "25:00:00"), PayloadErrc::field_malformed, "/opens");
  check_fails<Everything>(with("mode", "by-mail"), PayloadErrc::field_malformed, "/mode", "no such mode");
  check_fails<Everything>(with("money", "x"), PayloadErrc::field_malformed, "/money",
                          make_error_code(boost::system::errc::invalid_argument).message());
  check_fails<Everything>(with("pair", {1}), PayloadErrc::field_out_of_range, "/pair");
  check_fails<Everything>(with("pair", boost::json::array{1, "x"}), PayloadErrc::field_wrong_type, "/pair/1");
  check_fails<Everything>(with("flags", true), PayloadErrc::field_wrong_type, "/flags");
  check_fails<Everything>(with("counts", boost::json::array{}), PayloadErrc::field_wrong_type, "/counts");
  check_fails<Everything>(with("twice", "x"), PayloadErrc::field_wrong_type, "/twice");
}

BOOST_AUTO_TEST_CASE(names_that_the_payload_chose_stay_out_of_the_error) {
  check_fails<sample::Slashed>(boost::json::parse(R"({"tags":{"secret/~name":[1,"x"]}})"),
                               PayloadErrc::field_wrong_type, "/tags");
}

BOOST_AUTO_TEST_CASE(maps_and_json_objects_stand_for_whole_entities) {
  const pw::CalendarEvent event = event_with(R"(,"title":"Tosca")");
  BOOST_TEST((pw::bind<std::map<std::string, std::string>>(event)->at("title") == "Tosca"));
  BOOST_TEST(pw::bind<boost::json::object>(event)->size() == 2u);
}

BOOST_AUTO_TEST_CASE(data_of_an_unknown_webhook_event_can_be_bound, *label("E10")) {
  const pw::ParseResult result = pw::parse(R"({"event":"venue.created","data":{"text":"a","price":2}})");
  BOOST_TEST(pw::bind<sample::Line>(std::get<pw::UnknownPayload>(*result))->text == "a");
}

BOOST_AUTO_TEST_SUITE_END()
