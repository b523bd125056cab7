// When a webhook is disabled, what that drops, and what enabling brings back.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::World;

BOOST_AUTO_TEST_SUITE(disabling)

BOOST_AUTO_TEST_CASE(disabled_at_exactly_n_failures, *label("X1") * label("X2") * label("X3")) {
  World{}.run(R"(
    rule 3 0                 |
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d1 a                | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    webhook a                | enabled 1
    push d2 a                | pending next 0:00:00.100
    settle                   | at 0:00:00.200
    webhook a                | enabled 2
    answer a bad_status 0.1  |
    push d3 a                | pending next 0:00:00.200
    settle                   | at 0:00:00.300
    webhook a                | disabled 3 at 0:00:00.300
    delivery d1              | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:00.100
    delivery d3              | dropped disabled: 1 bad_status 0:00:00.200 to 0:00:00.300
    advance 8:00:00          | at 8:00:00.300, 0 attempts
  )");
}

BOOST_AUTO_TEST_CASE(a_bulk_change_of_20_during_a_restart_disables_by_default, *label("X2") * label("D9")) {
  World world;
  for (int i = 0; i < 20; ++i)
    world.answers["https://a"].push_back({Outcome::unreachable, std::chrono::milliseconds{5}});
  world.run(R"(
    add a                    | enabled 0
    bulk d 20 a              | 20 pending
    settle                   | at 0:00:00.010
    webhook a                | disabled 20 at 0:00:00.010
    delivery d01             | dropped disabled: 1 unreachable 0:00:00.000 to 0:00:00.005
  )");
}

BOOST_AUTO_TEST_CASE(nineteen_failures_and_a_success_do_not, *label("X2")) {
  World world;
  for (int i = 0; i < 19; ++i)
    world.answers["https://a"].push_back({Outcome::unreachable, std::chrono::milliseconds{5}});
  world.run(R"(
    add a                    | enabled 0
    bulk d 19 a              | 19 pending
    settle                   | at 0:00:00.010
    webhook a                | enabled 19
    push e a                 | pending next 0:00:00.010
    settle                   | at 0:00:00.110
    webhook a                | enabled 0
  )");
}

BOOST_AUTO_TEST_CASE(the_span_must_be_reached_too, *label("X2")) {
  World{}.run(R"(
    rule 2 3600              |
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 60               | at 0:01:00.200, 2 attempts
    webhook a                | enabled 2
    advance next             | at 1:01:00.300, 1 attempts
    webhook a                | disabled 3 at 1:01:00.300
    delivery d               | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 bad_status 0:01:00.100 to 0:01:00.200; 3 bad_status 1:01:00.200 to 1:01:00.300
  )");
}

BOOST_AUTO_TEST_CASE(the_failure_that_disables_may_also_be_the_last_retry, *label("X2") * label("R4")) {
  World{}.run(R"(
    rule 4 0                 |
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 8:00:00          | at 8:00:00.100, 4 attempts
    webhook a                | disabled 4 at 7:01:00.400
    delivery d               | abandoned retries_exhausted: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 bad_status 0:01:00.100 to 0:01:00.200; 3 bad_status 1:01:00.200 to 1:01:00.300; 4 bad_status 7:01:00.300 to 7:01:00.400
  )");
}

BOOST_AUTO_TEST_CASE(zero_never_disables, *label("X2")) {
  World world;
  for (int i = 0; i < 200; ++i) world.answers["https://a"].push_back({Outcome::timeout, std::chrono::seconds{5}});
  world.run(R"(
    rule 0 0                 |
    add a                    | enabled 0
    bulk d 50 a              | 50 pending
    advance 8:00:00          | at 8:00:25.000, 200 attempts
    webhook a                | enabled 200
    delivery d50             | abandoned retries_exhausted: 1 timeout due 0:00:00.000 0:00:20.000 to 0:00:25.000; 2 timeout 0:01:25.000 to 0:01:30.000; 3 timeout 1:01:30.000 to 1:01:35.000; 4 timeout 7:01:35.000 to 7:01:40.000
  )");
}

BOOST_AUTO_TEST_CASE(ends_count_in_their_order_not_in_that_of_starts, *label("X2")) {
  // The success starts last and ends first, then both failures end: two in a row. Counted by starts it would be none.
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a bad_status 3    |
    answer a bad_status 4    |
    answer a ok 1            |
    push d1 a                | pending next 0:00:00.000
    push d2 a                | pending next 0:00:00.000
    push d3 a                | pending next 0:00:00.000
    settle                   | at 0:00:04.000
    webhook a                | disabled 2 at 0:00:04.000
    delivery d3              | delivered: 1 ok 0:00:00.000 to 0:00:01.000
  )");
}

BOOST_AUTO_TEST_CASE(equal_ends_count_by_delivery_id, *label("X2")) {
  // All three end at the same instant. By id: failure, failure, success.
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a ok 1            |
    answer a bad_status 1    |
    answer a bad_status 1    |
    push z a                 | pending next 0:00:00.000
    push x a                 | pending next 0:00:00.000
    push y a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
    webhook a                | disabled 2 at 0:00:01.000
    delivery z               | delivered: 1 ok 0:00:00.000 to 0:00:01.000
  )");
  // By id: failure, success, failure.
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 1    |
    answer a ok 1            |
    push z a                 | pending next 0:00:00.000
    push x a                 | pending next 0:00:00.000
    push y a                 | pending next 0:00:00.000
    settle                   | at 0:00:01.000
    webhook a                | enabled 1
  )");
}

BOOST_AUTO_TEST_CASE(nothing_is_queued_while_disabled_nor_sent_after_enabling, *label("X3") * label("X4")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    push waiting a           | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    disable a                | disabled 1 at 0:00:00.100
    delivery waiting         | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:00.100
    push missed a            | dropped webhook_disabled_before
    advance 8:00:00          | at 8:00:00.100, 0 attempts
    enable a                 | enabled 0
    advance 8:00:00          | at 16:00:00.100, 0 attempts
    delivery missed          | dropped webhook_disabled_before
    push new a               | pending next 16:00:00.100
    settle                   | at 16:00:00.200
    delivery new             | delivered: 1 ok 16:00:00.100 to 16:00:00.200
  )");
  BOOST_TEST(world.transport.sent().size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_count_starts_again_at_zero, *label("X4")) {
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    bulk d 2 a               | 2 pending
    settle                   | at 0:00:00.100
    webhook a                | disabled 2 at 0:00:00.100
    enable a                 | enabled 0
    push e a                 | pending next 0:00:00.100
    settle                   | at 0:00:00.200
    webhook a                | enabled 1
  )");
}

BOOST_AUTO_TEST_CASE(one_webhook_is_disabled_the_other_is_not, *label("X2") * label("X3")) {
  World{}.run(R"(
    rule 1 0                 |
    add a                    | enabled 0
    add b                    | enabled 0
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    push e b                 | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    webhook a                | disabled 1 at 0:00:00.100
    webhook b                | enabled 0
  )");
}

BOOST_AUTO_TEST_SUITE_END()
