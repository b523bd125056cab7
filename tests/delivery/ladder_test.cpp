// One delivery from its webhook event to its end, on a virtual clock.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::World;

BOOST_AUTO_TEST_SUITE(ladder)

BOOST_AUTO_TEST_CASE(four_failures_abandon_after_7_h_1_min_and_the_time_of_the_attempts,
                     *label("R1") * label("R2") * label("R4")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.2  |
    answer a timeout 5       |
    answer a unreachable 1   |
    answer a not_http 0.25   |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:00.200
    delivery d               | pending next 0:01:00.200: 1 bad_status 0:00:00.000 to 0:00:00.200
    advance 8:00:00          | at 8:00:00.200, 3 attempts
    webhook a                | enabled 4
    delivery d               | abandoned retries_exhausted: 1 bad_status 0:00:00.000 to 0:00:00.200; 2 timeout 0:01:00.200 to 0:01:05.200; 3 unreachable 1:01:05.200 to 1:01:06.200; 4 not_http 7:01:06.200 to 7:01:06.450
    advance 100:00:00        | at 108:00:00.200, 0 attempts
  )");
}

BOOST_AUTO_TEST_CASE(counted_from_the_first_failure_it_ends_after_6_h, *label("R1") * label("R2") * label("R4")) {
  World{}.run(R"(
    from-first               |
    add a                    | enabled 0
    answer a bad_status 0.2  |
    answer a timeout 5       |
    answer a unreachable 1   |
    answer a not_http 0.25   |
    push d a                 | pending next 0:00:00.000
    advance 8:00:00          | at 8:00:00.200, 4 attempts
    delivery d               | abandoned retries_exhausted: 1 bad_status 0:00:00.000 to 0:00:00.200; 2 timeout 0:01:00.200 to 0:01:05.200; 3 unreachable 1:00:00.200 to 1:00:01.200; 4 not_http 6:00:00.200 to 6:00:00.450
  )");
}

BOOST_AUTO_TEST_CASE(success_at_the_first_attempt_ends_it, *label("R3")) {
  World{}.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    delivery d               | delivered: 1 ok 0:00:00.000 to 0:00:00.100
    advance 100:00:00        | at 100:00:00.100, 0 attempts
  )");
}

BOOST_AUTO_TEST_CASE(success_at_the_first_retry_ends_it, *label("R1") * label("R3")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 100:00:00        | at 100:00:00.100, 2 attempts
    delivery d               | delivered: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 ok 0:01:00.100 to 0:01:00.200
  )");
}

BOOST_AUTO_TEST_CASE(success_at_the_second_retry_ends_it, *label("R1") * label("R3")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 100:00:00        | at 100:00:00.100, 3 attempts
    delivery d               | delivered: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 bad_status 0:01:00.100 to 0:01:00.200; 3 ok 1:01:00.200 to 1:01:00.300
  )");
}

BOOST_AUTO_TEST_CASE(success_at_the_third_retry_ends_it, *label("R1") * label("R3")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance next             | at 0:01:00.200, 2 attempts
    advance next             | at 1:01:00.300, 1 attempts
    advance next             | at 7:01:00.400, 1 attempts
    delivery d               | delivered: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 bad_status 0:01:00.100 to 0:01:00.200; 3 bad_status 1:01:00.200 to 1:01:00.300; 4 ok 7:01:00.300 to 7:01:00.400
    advance next             | at 7:01:00.400, 0 attempts
    webhook a                | enabled 0
  )");
}

BOOST_AUTO_TEST_CASE(a_retry_comes_not_a_moment_early, *label("R1") * label("R2")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    advance 59.999999        | at 0:01:00.099999, 0 attempts
    advance 0.000001         | at 0:01:00.200, 1 attempts
  )");
}

BOOST_AUTO_TEST_CASE(every_attempt_sends_the_same_bytes, *label("R5")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 8:00:00          | at 8:00:00.100, 4 attempts
  )");
  BOOST_REQUIRE(world.transport.sent().size() == 4u);
  for (const auto& sent : world.transport.sent()) {
    BOOST_TEST(sent.body == world.delivery("d").body);
    BOOST_TEST(sent.url == "https://a");
  }
}

BOOST_AUTO_TEST_CASE(deliveries_overlap_and_a_retry_arrives_after_a_newer_push, *label("D8")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 2    |
    answer a ok 1            |
    push old a               | pending next 0:00:00.000
    push new a               | pending next 0:00:00.000
    start                    | 2 in flight
    advance 60               | at 0:01:02.100, 1 attempts
    delivery old             | delivered: 1 bad_status 0:00:00.000 to 0:00:02.000; 2 ok 0:01:02.000 to 0:01:02.100
    delivery new             | delivered: 1 ok 0:00:00.000 to 0:00:01.000
  )");
}

BOOST_AUTO_TEST_CASE(a_bulk_change_is_due_at_once, *label("D9") * label("G4")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    bulk d 20 a              | 20 pending
    start                    | 10 in flight
    settle                   | at 0:00:00.200
    delivery d10             | delivered: 1 ok 0:00:00.000 to 0:00:00.100
    delivery d11             | delivered: 1 ok due 0:00:00.000 0:00:00.100 to 0:00:00.200
  )");
  BOOST_TEST(world.transport.most_under_way() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
