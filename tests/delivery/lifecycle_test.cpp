#include "delivery/lifecycle.hpp"

#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::describe;
using test::start;

namespace {

constexpr auto at(int seconds) {
  return start + std::chrono::seconds{seconds};
}

Delivery waiting_since_start() {
  Delivery delivery;
  delivery.next_attempt_at = start;
  return delivery;
}

Delivery after(Outcome outcome) {
  auto delivery = waiting_since_start();
  begin_attempt(delivery, at(0), 0);
  AttemptResult result;
  result.outcome = outcome;
  end_attempt(delivery, result, at(1));
  return delivery;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_AUTO_TEST_CASE(an_attempt_keeps_the_instant_the_contract_asked_for, *label("G4")) {
  auto delivery = waiting_since_start();
  begin_attempt(delivery, at(30), 0);
  BOOST_TEST(has_attempt_under_way(delivery));
  BOOST_TEST(describe(delivery) == "pending: 1 under way due 0:00:00.000 0:00:30.000");
}

BOOST_AUTO_TEST_CASE(an_end_is_recorded_as_reported) {
  auto delivery = waiting_since_start();
  begin_attempt(delivery, at(0), 0);
  AttemptResult result{.outcome = Outcome::bad_status,
                       .status = 503,
                       .detail = "503",
                       .answer = "HTTP/1.1 503",
                       .phases = {},
                       .took = {}};
  result.phases.dns = Duration{7};
  end_attempt(delivery, result, at(2));
  const auto& attempt = delivery.attempts.back();
  BOOST_TEST(!has_attempt_under_way(delivery));
  BOOST_TEST((attempt.ended_at == at(2)));
  BOOST_TEST((attempt.outcome == Outcome::bad_status));
  BOOST_TEST((attempt.status == 503));
  BOOST_TEST(attempt.detail == "503");
  BOOST_TEST(attempt.answer == "HTTP/1.1 503");
  BOOST_TEST((attempt.phases.dns == Duration{7}));
}

BOOST_AUTO_TEST_CASE(verdicts_settle_the_delivery, *label("R1") * label("R3") * label("R4") * label("G5")) {
  const auto settled = [](Verdict verdict) {
    auto delivery = after(Outcome::bad_status);
    settle(delivery, verdict);
    delivery.attempts.clear();
    return describe(delivery);
  };
  BOOST_TEST(settled({Verdict::Kind::delivered, {}}) == "delivered");
  BOOST_TEST(settled({Verdict::Kind::retry, at(61)}) == "pending next 0:01:01.000");
  BOOST_TEST(settled({Verdict::Kind::repeat, at(0)}) == "pending next 0:00:00.000");
  BOOST_TEST(settled({Verdict::Kind::abandoned, {}}) == "abandoned retries_exhausted");
}

BOOST_AUTO_TEST_CASE(a_retry_has_the_next_number, *label("R1")) {
  auto delivery = after(Outcome::timeout);
  settle(delivery, {Verdict::Kind::retry, at(61)});
  begin_attempt(delivery, at(61), 0);
  BOOST_TEST(delivery.attempts.back().number == 2);
  BOOST_TEST(!delivery.attempts.back().uncertain);
}

BOOST_AUTO_TEST_CASE(a_repeat_has_the_same_number_and_is_uncertain, *label("G5")) {
  auto delivery = after(Outcome::interrupted);
  settle(delivery, {Verdict::Kind::repeat, at(0)});
  begin_attempt(delivery, at(5), 0);
  BOOST_TEST(describe(delivery.attempts.back()) == "1? under way due 0:00:00.000 0:00:05.000");
}

// A repeat is a copy if any attempt before it, under the same number, may have been sent.
BOOST_AUTO_TEST_CASE(what_surely_was_not_sent_is_repeated_without_a_mark, *label("G5")) {
  auto delivery = waiting_since_start();
  const auto interrupted = [&](const std::string& why) {
    begin_attempt(delivery, at(0), 0);
    AttemptResult result;
    result.outcome = Outcome::interrupted;
    result.detail = why;
    end_attempt(delivery, result, at(1));
    settle(delivery, {Verdict::Kind::repeat, at(0)});
    return delivery.attempts.back().uncertain;
  };
  BOOST_TEST(!interrupted("too many open files"));
  BOOST_TEST(!interrupted("too many open files"));
  BOOST_TEST(!interrupted(""));
  BOOST_TEST(interrupted("too many open files"));
  BOOST_TEST(interrupted("too many open files"));
  BOOST_TEST(delivery.attempts.back().number == 1);
}

BOOST_AUTO_TEST_CASE(a_drop_ends_waiting, *label("X3")) {
  auto delivery = waiting_since_start();
  drop(delivery, Reason::disabled, at(9));
  BOOST_TEST(describe(delivery) == "dropped disabled");
}

BOOST_AUTO_TEST_CASE(the_moment_of_a_loss_is_kept_and_no_other_end_has_one, *label("R4") * label("X3")) {
  for (const auto kind : {Verdict::Kind::delivered, Verdict::Kind::retry, Verdict::Kind::repeat}) {
    auto delivery = after(Outcome::timeout);
    settle(delivery, {kind, at(61)});
    BOOST_TEST(!delivery.lost_at.has_value());
  }
  auto abandoned = after(Outcome::timeout);
  settle(abandoned, {Verdict::Kind::abandoned, {}});
  BOOST_TEST((abandoned.lost_at == at(1)));  // the end of its last attempt, whenever that is written down
  auto dropped = waiting_since_start();
  drop(dropped, Reason::deleted, at(9));
  BOOST_TEST((dropped.lost_at == at(9)));
}

BOOST_AUTO_TEST_SUITE_END()
