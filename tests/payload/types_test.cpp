#include <prospero/webhooks/payload/types.hpp>

#include <boost/test/unit_test.hpp>
#include <string>
#include <unordered_set>
#include <vector>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(types)

BOOST_AUTO_TEST_CASE(uuid_reads_any_case_and_writes_lower, *label("T1")) {
  const auto uuid = pw::Uuid::from_text("6BA7B810-9dad-11D1-80B4-00C04fd430c8");
  BOOST_TEST_REQUIRE(uuid.has_value());
  BOOST_TEST(to_text(*uuid) == "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  BOOST_TEST(uuid->version() == 1);
  BOOST_TEST(pw::Uuid::from_text("6ba7b810-9dad-71d1-80b4-00c04fd430c8")->version() == 7);
  BOOST_TEST(pw::Uuid{}.version() == 0);
}

BOOST_AUTO_TEST_CASE(uuid_reads_no_other_form, *label("T1")) {
  for (const char* text : {"", "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
                           "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c",
                           "6ba7b810-9dad-11d1-80b4-00c04fd430c8 ", " 6ba7b810-9dad-11d1-80b4-00c04fd430c",
                           "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b8109-dad-11d1-80b4-00c04fd430c8",
                           "6ba7b810-9dad-11d1-80b4+00c04fd430c8", "-6ba7b81-9dad-11d1-80b4-00c04fd430c8"}) {
    BOOST_TEST(!pw::Uuid::from_text(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(uuids_are_ordered_as_their_text_and_can_be_hashed, *label("T1")) {
  const pw::Uuid low = pw::Uuid::from_text("00000000-0000-1000-8000-000000000001").value();
  const pw::Uuid high = pw::Uuid::from_text("00000000-0000-1000-8000-000000000100").value();
  BOOST_TEST((low < high));
  const std::unordered_set<pw::Uuid> set{low, high, low};
  BOOST_TEST(set.size() == 2u);
  // Each half counts: many ids differ in the clock alone, or in the node alone.
  const pw::Uuid other_clock = pw::Uuid::from_text("00000001-0000-1000-8000-000000000001").value();
  BOOST_TEST(std::hash<pw::Uuid>{}(low) != std::hash<pw::Uuid>{}(high));
  BOOST_TEST(std::hash<pw::Uuid>{}(low) != std::hash<pw::Uuid>{}(other_clock));
}

BOOST_AUTO_TEST_CASE(strict_timestamp_is_t2_and_nothing_else, *label("T2")) {
  BOOST_TEST(pw::Timestamp::from_text("1970-01-01T00:00:00Z")->seconds == 0);
  BOOST_TEST(pw::Timestamp::from_text("2026-11-24T06:00:00Z")->seconds == 1'795'500'000);
  BOOST_TEST(pw::Timestamp::from_text("0000-01-01T00:00:00Z")->seconds == -62'167'219'200);
  BOOST_TEST(pw::Timestamp::from_text("9999-12-31T23:59:59Z")->seconds == 253'402'300'799);
  BOOST_TEST(pw::Timestamp::from_text("2024-02-29T00:00:00Z").has_value());
  for (const char* text : {"",
                           "2026-11-24",
                           "2026-11-24T06:00:00",
                           "2026-11-24T06:00:00z",
                           "2026-11-24t06:00:00Z",
                           "2026-11-24 06:00:00Z",
                           "2026-11-24T06:00:00.0Z",
                           "2026-11-24T06:00:00+00:00",
                           "2026-11-24T06:00Z",
                           "2026-11-24T24:00:00Z",
                           "2026-11-24T06:60:00Z",
                           "2026-11-24T06:00:60Z",
                           "2026-02-29T00:00:00Z",
                           "2026-00-10T00:00:00Z",
                           "2026-13-10T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2026-1-24T06:00:00Z",
                           "+026-11-24T06:00:00Z",
                           "2026-11-24T06:00:00ZZ",
                           " 2026-11-24T06:00:00Z",
                           "2026-11-24T-6:00:00Z",
                           "20261124T060000Z"}) {
    BOOST_TEST(!pw::Timestamp::from_text(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(lenient_timestamp_reads_rfc_3339, *label("T2")) {
  const struct {
    const char* text;
    const char* utc;
  } rows[] = {
      {"2026-11-24T06:00:00Z", "2026-11-24T06:00:00Z"},
      {"2026-11-24t06:00:00z", "2026-11-24T06:00:00Z"},
      {"2026-11-24 06:00:00+00:00", "2026-11-24T06:00:00Z"},
      {"2026-11-24T06:00:00.123Z", "2026-11-24T06:00:00.123Z"},
      {"2026-11-24T06:00:00.000000001Z", "2026-11-24T06:00:00.000000001Z"},
      {"2026-11-24T06:00:00.9999999999999Z", "2026-11-24T06:00:00.999999999Z"},
      {"2026-11-24T06:00:00.120-00:00", "2026-11-24T06:00:00.12Z"},
      {"2026-11-24T00:30:00+01:00", "2026-11-23T23:30:00Z"},
      {"2026-12-31T23:30:00-05:45", "2027-01-01T05:15:00Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"},
      {"0000-01-01T00:00:00-23:59", "0000-01-01T23:59:00Z"},
      {"9999-12-31T23:58:59-00:01", "9999-12-31T23:59:59Z"},
  };
  for (const auto& row : rows) {
    const auto time = pw::Timestamp::from_rfc3339(row.text);
    BOOST_TEST_REQUIRE(time.has_value(), row.text);
    BOOST_TEST(to_text(*time) == row.utc);
  }
  for (const char* text :
       {"", "2026-11-24T06:00:00", "2026-11-24T06:00:00.Z", "2026-11-24T06:00:00,5Z", "2026-11-24T06:00:00+1:00",
        "2026-11-24T06:00:00+0100", "2026-11-24T06:00:00+24:00", "2026-11-24T06:00:00+00:60", "2026-11-24T06:00:60Z",
        "2026-02-30T06:00:00Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:00-00:01",
        "2026-11-24T06:00:00Z[UTC]"}) {
    BOOST_TEST(!pw::Timestamp::from_rfc3339(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(timestamps_compare_exactly, *label("T2")) {
  const auto at = [](const char* text) { return pw::Timestamp::from_rfc3339(text).value(); };
  BOOST_TEST((at("2026-11-24T06:00:00.000000001Z") < at("2026-11-24T06:00:00.000000002Z")));
  BOOST_TEST((at("1969-12-31T23:59:59.9Z") < at("1970-01-01T00:00:00Z")));
  BOOST_TEST((at("2026-11-24T06:00:00.5Z") == at("2026-11-24T07:00:00.500+01:00")));
}

BOOST_AUTO_TEST_CASE(timestamps_convert_to_and_from_chrono, *label("T2")) {
  using namespace std::chrono;
  const auto time = pw::Timestamp::from_time(sys_time<milliseconds>{milliseconds{-1}});
  BOOST_TEST(time.seconds == -1);
  BOOST_TEST(time.nanoseconds == 999'000'000u);
  BOOST_TEST((time.to_time() == sys_seconds{seconds{-1}}));
  BOOST_TEST(
      (pw::Timestamp::from_time(sys_days{2026y / November / 24}) == pw::Timestamp::from_text("2026-11-24T00:00:00Z")));
}

BOOST_AUTO_TEST_CASE(dates_exist_or_are_not_read, *label("T2")) {
  BOOST_TEST((pw::Date::from_text("2024-02-29") == pw::Date{2024, 2, 29}));
  BOOST_TEST(to_text(pw::Date{7, 1, 2}) == "0007-01-02");
  for (const char* text :
       {"", "2023-02-29", "2026-11-31", "2026-00-01", "2026-11-24T", "26-11-24", "2026/11/24", "2026-11-2"}) {
    BOOST_TEST(!pw::Date::from_text(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(times_of_day_exist_or_are_not_read, *label("T2")) {
  BOOST_TEST((pw::TimeOfDay::from_text("23:59:59") == pw::TimeOfDay{23, 59, 59}));
  BOOST_TEST(to_text(pw::TimeOfDay{1, 2, 3}) == "01:02:03");
  BOOST_TEST((pw::TimeOfDay{1, 2, 3}.since_midnight().count()) == 3723);
  for (const char* text : {"", "24:00:00", "23:60:00", "23:59:60", "23:59", "23:59:59Z", "1:02:03", "01-02-03"}) {
    BOOST_TEST(!pw::TimeOfDay::from_text(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
