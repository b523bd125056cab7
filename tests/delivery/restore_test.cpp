// A second sender goes on with what was kept of a first one.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace std::chrono_literals;
using test::describe;
using test::World;

namespace {

World tolerant() {
  return World{{.retry_delays = {1min, 1h, 6h},
                .disable_after = 3,
                .disable_span = 10s,
                .in_flight_per_webhook = 10,
                .in_flight_total = 10}};
}

/// What a store would have kept of `first`, put into `second`, whose clock shows `now`.
void restore(World& second, World& first, const std::vector<WebhookId>& webhooks, std::string_view now) {
  second.clock.set(test::start + std::chrono::seconds{std::stoi(std::string{now})});
  for (const auto& id : webhooks) second.sender().restore_webhook(id, first.sender().webhook(id));
  const auto& kept = first.sender().deliveries();
  for (std::size_t i = 0; i < kept.size(); ++i) second.sender().restore_delivery(kept.at(i));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restore_after_a_restart)

BOOST_AUTO_TEST_CASE(a_retry_keeps_its_instant, *label("G7") * label("R2")) {
  World first;
  World second;
  first.run(R"(
    add a                    | enabled 0
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
  )");
  restore(second, first, {"a"}, "30");
  BOOST_TEST((second.sender().next_due() == test::start + 61s));
  BOOST_TEST(second.sender().webhook("a").consecutive_failures == 1);
  second.run(R"(
    advance 40               | at 0:01:10.000, 1 attempts
    webhook a                | enabled 0
  )");
}

BOOST_AUTO_TEST_CASE(an_overdue_retry_is_made_at_once, *label("G4") * label("G7")) {
  World first;
  World second;
  first.run(R"(
    add a                    | enabled 0
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
  )");
  restore(second, first, {"a"}, "100");
  second.run("start | 1 in flight");
  const auto attempt = second.delivery("d").attempts.back();
  BOOST_TEST((attempt.scheduled_at == test::start + 61s));
  BOOST_TEST((attempt.started_at == test::start + 100s));
}

BOOST_AUTO_TEST_CASE(an_attempt_under_way_is_made_again_uncertain, *label("G5")) {
  World first;
  World second;
  first.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
  )");
  restore(second, first, {"a"}, "30");
  BOOST_TEST(describe(second.delivery("d")) == "pending next 0:00:00.000: 1 interrupted 0:00:00.000 to 0:00:30.000");
  second.run("settle | at 0:00:30.100");
  const auto delivery = second.delivery("d");
  BOOST_REQUIRE_EQUAL(delivery.attempts.size(), 2u);
  BOOST_TEST(delivery.attempts[1].uncertain);
  BOOST_TEST(delivery.attempts[1].number == 1);
  BOOST_TEST((delivery.state == State::delivered));
}

BOOST_AUTO_TEST_CASE(the_first_failure_is_known_after_a_restart, *label("R2") * label("G4")) {
  World first;
  World second;
  first.run(R"(
    from-first               |
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    advance 65               | at 0:01:06.000, 2 attempts
  )");
  second.run("from-first |");
  restore(second, first, {"a"}, "25000");  // after the last retry was due
  second.run(R"(
    answer a bad_status 1    |
    answer a bad_status 1    |
    settle                   | at 6:56:42.000
    delivery d               | abandoned retries_exhausted: 1 bad_status 0:00:00.000 to 0:00:01.000; 2 bad_status 0:01:01.000 to 0:01:02.000; 3 bad_status due 1:00:01.000 6:56:40.000 to 6:56:41.000; 4 bad_status due 6:00:01.000 6:56:41.000 to 6:56:42.000
  )");
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_before_a_restart_is_no_copy_after_it, *label("G5")) {
  World first;
  World second;
  first.run(R"(
    add a                           | enabled 0
    answer a interrupted 1 no_files |
    push d a                        | pending next 0:00:00.000
    start                           | 1 in flight
  )");
  first.transport.run_until(1s);
  first.sender().apply_ends(Instant::max());
  restore(second, first, {"a"}, "30");
  second.run(R"(
    settle                          | at 0:00:30.100
    delivery d                      | delivered: 1 interrupted 0:00:00.000 to 0:00:01.000; 1 ok due 0:00:00.000 0:00:30.000 to 0:00:30.100
  )");
}

BOOST_AUTO_TEST_CASE(an_attempt_of_an_older_epoch_is_not_made_again, *label("G1") * label("G5")) {
  World first;
  World second;
  first.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    disable a                | disabled 0 at 0:00:00.000
    enable a                 | enabled 0
  )");
  restore(second, first, {"a"}, "30");
  BOOST_TEST(describe(second.delivery("d")) == "dropped disabled: 1 interrupted 0:00:00.000 to 0:00:30.000");
  BOOST_TEST(!second.sender().next_due());
}

BOOST_AUTO_TEST_CASE(count_and_span_go_on, *label("X2")) {
  auto first = tolerant();
  auto second = tolerant();
  first.run(R"(
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 1    |
    bulk d 2 a               | 2 pending
    settle                   | at 0:00:01.000
  )");
  restore(second, first, {"a"}, "30");
  second.run(R"(
    answer a bad_status 1    |
    push e a                 | pending next 0:00:30.000
    settle                   | at 0:00:31.000
    webhook a                | disabled 3 at 0:00:31.000
  )");
}

BOOST_AUTO_TEST_CASE(a_clock_that_went_back_ends_no_attempt_before_its_start, *label("G5") * label("G7")) {
  World first;
  World second;
  first.run(R"(
    add a                    | enabled 0
    advance 60               | at 0:01:00.000, 0 attempts
    push d a                 | pending next 0:01:00.000
    start                    | 1 in flight
  )");
  restore(second, first, {"a"}, "30");
  BOOST_TEST(describe(second.delivery("d")) == "pending next 0:01:00.000: 1 interrupted 0:01:00.000 to 0:01:00.000");
}

BOOST_AUTO_TEST_CASE(what_is_there_already_is_refused) {
  World world;
  world.run("add a | enabled 0");
  world.run("push d a | pending next 0:00:00.000");
  BOOST_CHECK_THROW(world.sender().restore_webhook("a", {}), std::invalid_argument);
  BOOST_CHECK_THROW(world.sender().restore_delivery(world.delivery("d")), std::invalid_argument);
  Delivery stranger;
  stranger.webhook_id = "b";
  BOOST_CHECK_THROW(world.sender().restore_delivery(stranger), std::out_of_range);
}

BOOST_AUTO_TEST_SUITE_END()
