#include "delivery/types.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "delivery/retry_policy.hpp"
#include "delivery/virtual_time.hpp"
#include "table.hpp"

using namespace mock::delivery;

BOOST_AUTO_TEST_SUITE(types)

BOOST_AUTO_TEST_CASE(outcomes_have_the_names_of_the_api) {
  const std::set<std::string_view> expected{"ok",       "bad_status", "timeout",         "unreachable",
                                            "not_http", "tls_error",  "refused_address", "interrupted"};
  std::set<std::string_view> actual;
  for (const auto outcome : test::all_outcomes) actual.insert(to_text(outcome));
  BOOST_TEST((actual == expected));
}

BOOST_AUTO_TEST_CASE(states_have_the_names_of_the_api) {
  BOOST_TEST(to_text(State::pending) == "pending");
  BOOST_TEST(to_text(State::delivered) == "delivered");
  BOOST_TEST(to_text(State::abandoned) == "abandoned");
  BOOST_TEST(to_text(State::dropped) == "dropped");
}

BOOST_AUTO_TEST_CASE(reasons_have_the_names_of_the_api) {
  BOOST_TEST(to_text(Reason::disabled) == "disabled");
  BOOST_TEST(to_text(Reason::deleted) == "deleted");
  BOOST_TEST(to_text(Reason::retries_exhausted) == "retries_exhausted");
  BOOST_TEST(to_text(Reason::webhook_disabled_before) == "webhook_disabled_before");
}

BOOST_AUTO_TEST_CASE(verdicts_and_steps_have_names) {
  BOOST_TEST(to_text(Verdict::Kind::delivered) == "delivered");
  BOOST_TEST(to_text(Verdict::Kind::retry) == "retry");
  BOOST_TEST(to_text(Verdict::Kind::repeat) == "repeat");
  BOOST_TEST(to_text(Verdict::Kind::abandoned) == "abandoned");
  BOOST_TEST(to_text(NextStep::Kind::finished) == "finished");
  BOOST_TEST(to_text(NextStep::Kind::wait_for_end) == "wait_for_end");
  BOOST_TEST(to_text(NextStep::Kind::wait_at_most) == "wait_at_most");
}

BOOST_AUTO_TEST_CASE(a_value_outside_its_enum_is_a_question_mark) {
  BOOST_TEST(to_text(static_cast<Outcome>(99)) == "?");
  BOOST_TEST(to_text(static_cast<State>(99)) == "?");
  BOOST_TEST(to_text(static_cast<Reason>(99)) == "?");
  BOOST_TEST(to_text(static_cast<Verdict::Kind>(99)) == "?");
  BOOST_TEST(to_text(static_cast<NextStep::Kind>(99)) == "?");
}

BOOST_AUTO_TEST_SUITE_END()
