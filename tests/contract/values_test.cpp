#include "contract/values.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

using boost::unit_test::label;
using namespace std::chrono_literals;
namespace contract = mock::contract;

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(keys_of_a_push, *label("D1")) {
  BOOST_TEST(contract::body_keys.event == "event");
  BOOST_TEST(contract::body_keys.data == "data");
}

BOOST_AUTO_TEST_CASE(headers_of_a_push, *label("D2")) {
  BOOST_TEST(contract::content_type == "application/json");
  BOOST_TEST(!contract::user_agent.empty());
}

BOOST_AUTO_TEST_CASE(success_is_200_and_the_deadline_5_s, *label("D3") * label("D4")) {
  BOOST_TEST(contract::success_status == 200);
  BOOST_TEST((contract::answer_within == 5s));
}

BOOST_AUTO_TEST_CASE(retries_come_after_a_minute_an_hour_six_hours, *label("R1")) {
  BOOST_TEST((contract::retry_delays == std::array<std::chrono::seconds, 3>{60s, 3600s, 21600s}));
  BOOST_TEST(contract::attempts_max == 4u);
}

BOOST_AUTO_TEST_CASE(many_is_20_without_a_least_span, *label("X2")) {
  BOOST_TEST(contract::disable_after == 20);
  BOOST_TEST((contract::disable_span == 0s));
}

BOOST_AUTO_TEST_CASE(nine_webhook_events_of_three_families, *label("E1") * label("E2") * label("E3") * label("E4") *
                                                                label("E5") * label("E6") * label("E7") * label("E8") *
                                                                label("E9") * label("E11")) {
  std::set<std::string> expected;
  for (const std::string family : {"event", "invoice", "offer"}) {
    for (const std::string change : {".created", ".deleted", ".updated"}) expected.insert(family + change);
  }
  BOOST_TEST((std::set<std::string>(contract::webhook_events.begin(), contract::webhook_events.end()) == expected));
  BOOST_TEST(std::is_sorted(contract::webhook_events.begin(), contract::webhook_events.end()));
  BOOST_TEST(contract::archive_event == "event.updated");
  BOOST_TEST(contract::draft_status == "draft");
}

BOOST_AUTO_TEST_CASE(words_of_the_data, *label("T1") * label("T3") * label("T5")) {
  BOOST_TEST(contract::uuid_version == 1);
  BOOST_TEST((contract::entity_keys == std::array<std::string_view, 4>{"id", "createdAt", "lastUpdatedAt", "orgId"}));
  BOOST_TEST(contract::error_keys.status == "status");
  BOOST_TEST(contract::error_keys.error == "error");
}

BOOST_AUTO_TEST_CASE(values_in_force_start_as_the_contract_has_them, *label("R1") * label("X2") * label("G4")) {
  const contract::Values values;
  BOOST_TEST((values.retries == std::vector<std::chrono::seconds>{60s, 3600s, 21600s}));
  BOOST_TEST(values.disable_after == 20);
  BOOST_TEST((values.disable_span == 0s));
  BOOST_TEST(values.in_flight_per_webhook == 10u);
  BOOST_TEST(values.in_flight_total >= values.in_flight_per_webhook);
}

BOOST_AUTO_TEST_SUITE_END()
