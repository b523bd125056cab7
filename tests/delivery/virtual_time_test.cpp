#include "delivery/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace std::chrono_literals;
using test::describe;
using test::start;
using test::World;

BOOST_AUTO_TEST_SUITE(virtual_time)

BOOST_AUTO_TEST_CASE(the_clock_never_goes_back, *label("G6")) {
  VirtualClock clock{start};
  clock.set(start + 5s);
  clock.set(start + 3s);
  BOOST_TEST((clock.now() == start + 5s));
  BOOST_TEST((clock.end_of(start, 2s) == start + 5s));
  BOOST_TEST((clock.end_of(start + 4s, 2s) == start + 6s));
}

BOOST_AUTO_TEST_CASE(it_stands_still_while_nothing_is_in_flight, *label("G6")) {
  World{}.run(R"(
    add a                    | enabled 0
    real 3600                | at 0:00:00.000, 0 in flight
    advance 0                | at 0:00:00.000, 0 attempts
    advance next             | at 0:00:00.000, 0 attempts
    advance 90               | at 0:01:30.000, 0 attempts
    advance to 60            | at 0:01:30.000, 0 attempts
    advance to 120           | at 0:02:00.000, 0 attempts
  )");
}

BOOST_AUTO_TEST_CASE(a_first_attempt_needs_no_advance, *label("G6")) {
  World{}.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    real 0.1                 | at 0:00:00.100, 0 in flight
  )");
}

BOOST_AUTO_TEST_CASE(advance_by_zero_sends_what_is_due_and_waits, *label("G6")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a ok 3            |
    push d a                 | pending next 0:00:00.000
    advance 0                | at 0:00:03.000, 1 attempts
    delivery d               | delivered: 1 ok 0:00:00.000 to 0:00:03.000
  )");
}

BOOST_AUTO_TEST_CASE(advance_by_60_s_after_a_failure_always_makes_retry_1, *label("G6") * label("R1")) {
  for (const std::string took : {"0.001", "0.2", "4.999"}) {
    World world;
    world.run("add a | enabled 0\n answer a bad_status " + took + "\n push d a | pending next 0:00:00.000\n" +
              "start | 1 in flight");
    world.time.advance_by(60s);
    world.drive();
    BOOST_TEST(world.time.attempts() == 1u);
    BOOST_TEST((world.delivery("d").state == State::delivered));
  }
}

BOOST_AUTO_TEST_CASE(an_attempt_that_ends_past_the_goal_carries_the_clock_there, *label("G6")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 4    |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
    advance 60               | at 0:01:05.000, 1 attempts
  )");
}

BOOST_AUTO_TEST_CASE(what_falls_due_while_the_clock_is_carried_is_sent_in_its_place, *label("G6")) {
  // The goal is 1:01.0. The retry of d runs from there to 1:05.0, which carries the clock over the retry of e.
  World{}.run(R"(
    add a                    | enabled 0
    add b                    | enabled 0
    answer a bad_status 1    |
    answer b bad_status 3    |
    answer a bad_status 4    |
    push d a                 | pending next 0:00:00.000
    push e b                 | pending next 0:00:00.000
    settle                   | at 0:00:03.000
    advance to 61            | at 0:01:05.000, 2 attempts
    delivery e               | delivered: 1 bad_status 0:00:00.000 to 0:00:03.000; 2 ok 0:01:03.000 to 0:01:03.100
  )");
}

BOOST_AUTO_TEST_CASE(a_start_waits_in_real_time_for_the_attempts_before_it, *label("G6")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    add b                    | enabled 0
    answer a bad_status 1    |
    answer b bad_status 3    |
    answer a bad_status 4    |
    push d a                 | pending next 0:00:00.000
    push e b                 | pending next 0:00:00.000
    settle                   | at 0:00:03.000
  )");
  world.time.advance_by(60s);
  const auto before = world.transport.now();
  auto step = world.time.step(world.sender());
  BOOST_TEST(world.sender().in_flight() == 1u);
  BOOST_TEST((step.kind == NextStep::Kind::wait_at_most));
  BOOST_TEST((step.at_most == 2s));
  world.transport.run_until(before + 2s - 1us);
  step = world.time.step(world.sender());
  BOOST_TEST((step.at_most == 1us));
  BOOST_TEST(world.sender().in_flight() == 1u);
  world.transport.run_until(before + 2s);
  step = world.time.step(world.sender());
  BOOST_TEST(world.sender().in_flight() == 2u);
  BOOST_TEST((step.kind == NextStep::Kind::wait_for_end));
}

BOOST_AUTO_TEST_CASE(a_start_waits_no_longer_than_the_attempt_before_it_runs, *label("G6")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    add b                    | enabled 0
    answer a bad_status 1    |
    answer b bad_status 3    |
    answer a ok 0.5          |
    push d a                 | pending next 0:00:00.000
    push e b                 | pending next 0:00:00.000
    settle                   | at 0:00:03.000
  )");
  const auto before = world.transport.now();
  world.run("advance 60 | at 0:01:03.100, 2 attempts");
  BOOST_TEST((world.transport.now() - before == 600ms));
}

BOOST_AUTO_TEST_CASE(ends_take_effect_in_virtual_order, *label("G6") * label("X2")) {
  // e starts 0.4 s of real time after d, at the same instant; d's end waits until e cannot end before it any more.
  World{}.run(R"(
    rule 1 0                 |
    add a                    | enabled 0
    answer a bad_status 0.5  |
    answer a ok 0.2          |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    real 0.4                 | at 0:00:00.000, 1 in flight
    push e a                 | pending next 0:00:00.000
    start                    | 2 in flight
    real 0.15                | at 0:00:00.000, 2 in flight
    real 0.05                | at 0:00:00.500, 0 in flight
    delivery e               | delivered: 1 ok 0:00:00.000 to 0:00:00.200
    webhook a                | disabled 1 at 0:00:00.500
  )");
}

BOOST_AUTO_TEST_CASE(an_end_that_arrived_waits_for_a_slow_attempt_only_as_long_as_needed, *label("G6")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    answer a ok 0.5          |
    answer a ok 5            |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    real 0.4                 | at 0:00:00.000, 1 in flight
    push e a                 | pending next 0:00:00.000
    start                    | 2 in flight
    real 0.1                 | at 0:00:00.000, 2 in flight
  )");
  const auto step = world.time.step(world.sender());
  BOOST_TEST((step.kind == NextStep::Kind::wait_at_most));
  BOOST_TEST((step.at_most == 400ms + 1us));
  world.run(R"(
    real 0.400001            | at 0:00:00.500, 1 in flight
    settle                   | at 0:00:05.000
  )");
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_late_still_starts_in_order, *label("G6")) {
  // The retry of e is due while that of d runs, past the goal; the loop comes back only after the latter has ended.
  World world;
  world.run(R"(
    add a                    | enabled 0
    add b                    | enabled 0
    answer a bad_status 1    |
    answer b bad_status 3    |
    answer a bad_status 4    |
    push d a                 | pending next 0:00:00.000
    push e b                 | pending next 0:00:00.000
    settle                   | at 0:00:03.000
  )");
  world.time.advance_to(start + 61s);
  world.time.step(world.sender());
  world.transport.run_until(world.transport.now() + 10s);
  world.run(R"(
    settle                   | at 0:01:05.000
    delivery e               | delivered: 1 bad_status 0:00:00.000 to 0:00:03.000; 2 ok 0:01:03.000 to 0:01:03.100
  )");
}

BOOST_AUTO_TEST_CASE(an_end_goes_before_a_start_at_the_same_instant, *label("G6") * label("X3")) {
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
    advance 59               | at 0:01:00.000, 0 attempts
    push e a                 | pending next 0:01:00.000
    advance 10               | at 0:01:11.000, 1 attempts
    webhook a                | disabled 2 at 0:01:01.000
    delivery d               | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:01.000
  )");
}

BOOST_AUTO_TEST_CASE(a_late_report_does_not_end_before_what_took_effect_meanwhile, *label("G6")) {
  // The transport measured 1.9 s, but tells it only after the start that waited for 2 s was made.
  World world;
  class Late final : public Transport {
   public:
    void post(Push, Done done) override { all.push_back(std::move(done)); }
    std::vector<Done> all;
  } transport;
  Duration real{};
  VirtualClock clock{start};
  VirtualTime time{clock, transport, [&] { return real; }};
  test::RecordingJournal journal;
  Sender sender{contract_defaults(), clock, time, journal};
  const auto push = [&](const std::string& id) { sender.enqueue({id, "a", "event.created", {}, nullptr, {}}); };
  const auto answer = [&](std::size_t i, Outcome outcome, Duration took) {
    AttemptResult result;
    result.outcome = outcome;
    result.took = took;
    transport.all.at(i)(result);
    time.step(sender);
  };
  sender.add_webhook("a", "https://a");
  push("early");
  time.step(sender);
  answer(0, Outcome::bad_status, 0s);
  time.advance_by(58s);
  time.step(sender);
  push("slow");
  time.step(sender);
  real = 2s;
  time.step(sender);
  BOOST_TEST(transport.all.size() == 3u);
  BOOST_TEST((clock.now() == start + 60s));
  answer(1, Outcome::bad_status, 1900ms);
  answer(2, Outcome::ok, 100ms);
  BOOST_TEST(describe(*sender.find("slow")) == "pending next 0:02:00.000: 1 bad_status 0:00:58.000 to 0:01:00.000");
}

BOOST_AUTO_TEST_CASE(one_advance_at_a_time, *label("G6")) {
  World world;
  BOOST_TEST(!world.time.advancing());
  world.time.advance_by(60s);
  BOOST_TEST(world.time.advancing());
  BOOST_CHECK_THROW(world.time.advance_by(1s), std::logic_error);
  BOOST_CHECK_THROW(world.time.advance_to(start), std::logic_error);
  BOOST_CHECK_THROW(world.time.advance_to_next(), std::logic_error);
  world.drive();
  BOOST_TEST(!world.time.advancing());
  BOOST_TEST((world.clock.now() == start + 60s));
}

BOOST_AUTO_TEST_CASE(an_advance_that_cannot_be_is_refused, *label("G6")) {
  World world;
  BOOST_CHECK_THROW(world.time.advance_by(-1s), std::invalid_argument);
  BOOST_CHECK_THROW(world.time.advance_by(Duration::max()), std::invalid_argument);
  BOOST_TEST(!world.time.advancing());
}

BOOST_AUTO_TEST_CASE(seven_hours_take_no_longer_than_their_attempts, *label("G6") * label("R1")) {
  World world;
  for (int i = 0; i < 4; ++i) world.answers["https://a"].push_back({Outcome::bad_status, 250ms});
  world.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    advance 7:01:01          | at 7:01:01.250, 4 attempts
  )");
  BOOST_TEST((world.transport.now() == 1s));
}

BOOST_AUTO_TEST_SUITE_END()
