#include "conformance/registry.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "contract/clauses.hpp"
#include "contract/values.hpp"

using namespace mock::conformance;

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(ids_are_unique_and_start_with_their_clause) {
  std::set<std::string> ids;
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST(ids.insert(c.id).second);
      BOOST_TEST(c.id.starts_with(c.clause + "-"));
      BOOST_TEST(c.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", 1) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_clause_is_one_of_the_contract) {
  for (const auto& c : all_cases()) {
    BOOST_TEST((mock::contract::find_clause(c.clause) != nullptr), c.id);
  }
}

BOOST_AUTO_TEST_CASE(every_case_says_what_it_asks_for) {
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST(!c.title.empty());
      BOOST_TEST(!c.requirement.empty());
      BOOST_TEST(!c.expected.empty());
      BOOST_TEST((c.run != nullptr));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_case_runs_after_the_must_case_that_it_rests_on) {
  std::set<std::string> earlier;
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST((c.rests_on.empty() || earlier.contains(c.rests_on)));
      BOOST_TEST((c.rests_on.empty() || find_case(c.rests_on)->strength == Strength::must));
    }
    earlier.insert(c.id);
  }
}

BOOST_AUTO_TEST_CASE(each_of_the_nine_webhook_events_has_its_case) {
  std::set<std::string> events;
  for (const auto& c : all_cases()) {
    events.insert(c.event);
  }
  for (const auto known : mock::contract::webhook_events) {
    BOOST_TEST(events.contains(std::string(known)));
  }
}

BOOST_AUTO_TEST_CASE(an_id_that_does_not_exist_is_not_found) {
  BOOST_TEST(find_case("D3-exactly-200")->clause == "D3");
  BOOST_TEST((find_case("D3") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
