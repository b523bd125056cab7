// Attempts under way when their webhook changes, deletion, interruption.
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::World;

BOOST_AUTO_TEST_SUITE(edges)

BOOST_AUTO_TEST_CASE(an_attempt_under_way_at_disabling_is_finished_and_recorded, *label("G1")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a ok 1            |
    answer a bad_status 2    |
    push good a              | pending next 0:00:00.000
    push bad a               | pending next 0:00:00.000
    start                    | 2 in flight
    disable a                | disabled 0 at 0:00:00.000
    delivery good            | pending: 1 under way 0:00:00.000
    settle                   | at 0:00:02.000
    delivery good            | delivered: 1 ok 0:00:00.000 to 0:00:01.000
    delivery bad             | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:02.000
    webhook a                | disabled 0 at 0:00:00.000
  )");
}

BOOST_AUTO_TEST_CASE(its_failure_brings_no_retry_even_if_enabled_again_by_then, *label("G1")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 2    |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    disable a                | disabled 0 at 0:00:00.000
    enable a                 | enabled 0
    advance 8:00:00          | at 8:00:02.000, 0 attempts
    delivery d               | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:02.000
  )");
}

BOOST_AUTO_TEST_CASE(an_attempt_of_an_older_epoch_changes_no_count_and_disables_nothing, *label("G1") * label("X2")) {
  World{}.run(R"(
    rule 2 0                 |
    add a                    | enabled 0
    answer a bad_status 2    |
    answer a bad_status 2    |
    answer a ok 3            |
    bulk d 3 a               | 3 pending
    start                    | 3 in flight
    disable a                | disabled 0 at 0:00:00.000
    enable a                 | enabled 0
    answer a bad_status 0.1  |
    push e a                 | pending next 0:00:00.000
    settle                   | at 0:00:03.000
    webhook a                | enabled 1
    delivery d3              | delivered: 1 ok 0:00:00.000 to 0:00:03.000
  )");
}

BOOST_AUTO_TEST_CASE(those_under_way_at_an_automatic_disabling_are_of_an_older_epoch, *label("G1") * label("X2")) {
  World{}.run(R"(
    rule 1 0                 |
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 2    |
    bulk d 2 a               | 2 pending
    real 1.5                 | at 0:00:01.000, 1 in flight
    webhook a                | disabled 1 at 0:00:01.000
    enable a                 | enabled 0
    settle                   | at 0:00:02.000
    webhook a                | enabled 0
    delivery d2              | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:02.000
  )");
}

BOOST_AUTO_TEST_CASE(an_older_attempt_still_holds_its_slot, *label("G1") * label("G4")) {
  World{}.run(R"(
    bounds 1 5               |
    add a                    | enabled 0
    answer a bad_status 2    |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    disable a                | disabled 0 at 0:00:00.000
    enable a                 | enabled 0
    push e a                 | pending next 0:00:00.000
    settle                   | at 0:00:02.100
    delivery e               | delivered: 1 ok due 0:00:00.000 0:00:02.000 to 0:00:02.100
  )");
}

BOOST_AUTO_TEST_CASE(deleting_drops_what_is_pending_and_keeps_the_history, *label("G1") * label("G2")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    push waiting a           | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    answer a bad_status 1    |
    answer a ok 1            |
    push bad a               | pending next 0:00:00.100
    push good a              | pending next 0:00:00.100
    start                    | 2 in flight
    delete a                 | deleted 1
    advance 8:00:00          | at 8:00:01.100, 0 attempts
    delivery waiting         | dropped deleted: 1 bad_status 0:00:00.000 to 0:00:00.100
    delivery bad             | dropped deleted: 1 bad_status 0:00:00.100 to 0:00:01.100
    delivery good            | delivered: 1 ok 0:00:00.100 to 0:00:01.100
    enable a                 | deleted 1
    push late a              | dropped deleted
  )");
}

BOOST_AUTO_TEST_CASE(disabled_then_deleted_keeps_the_first_reason, *label("G1") * label("G2")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    disable a                | disabled 0 at 0:00:00.000
    delete a                 | deleted 0 at 0:00:00.000
    settle                   | at 0:00:01.000
    delivery d               | dropped disabled: 1 bad_status 0:00:00.000 to 0:00:01.000
  )");
}

BOOST_AUTO_TEST_CASE(epochs_count_disabling_and_enabling, *label("G1")) {
  World world;
  world.run("add a | enabled 0");
  const auto epoch = [&] { return world.sender().webhook("a").epoch; };
  BOOST_TEST(epoch() == 0u);
  world.sender().enable("a");
  BOOST_TEST(epoch() == 0u);
  world.sender().disable("a");
  BOOST_TEST(epoch() == 1u);
  world.sender().disable("a");
  BOOST_TEST(epoch() == 1u);
  world.sender().enable("a");
  BOOST_TEST(epoch() == 2u);
}

BOOST_AUTO_TEST_CASE(an_interrupted_attempt_is_made_again_with_the_same_number, *label("G5") * label("X2")) {
  World world;
  world.run(R"(
    rule 1 0                 |
    add a                    | enabled 0
    answer a bad_status 3    |
    answer a ok 0.5          |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    interrupt d              | pending next 0:00:00.000: 1 interrupted 0:00:00.000 to 0:00:00.000
    webhook a                | enabled 0
    settle                   | at 0:00:00.500
    delivery d               | delivered: 1 interrupted 0:00:00.000 to 0:00:00.000; 1? ok 0:00:00.000 to 0:00:00.500
    webhook a                | enabled 0
  )");
  BOOST_TEST(world.transport.sent().size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_late_result_of_an_interrupted_attempt_is_ignored, *label("G5")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    answer a ok 0.2          |
    answer a bad_status 1    |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    interrupt d              | pending next 0:00:00.000: 1 interrupted 0:00:00.000 to 0:00:00.000
    start                    | 1 in flight
    real 0.5                 | at 0:00:00.000, 1 in flight
    settle                   | at 0:00:01.000
    delivery d               | pending next 0:01:01.000: 1 interrupted 0:00:00.000 to 0:00:00.000; 1? bad_status 0:00:00.000 to 0:00:01.000
  )");
}

BOOST_AUTO_TEST_CASE(an_interrupted_retry_keeps_its_number_and_its_instant, *label("G5") * label("R1")) {
  World{}.run(R"(
    add a                    | enabled 0
    answer a bad_status 0.1  |
    answer a interrupted 2   |
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    advance 60               | at 0:01:02.200, 3 attempts
    delivery d               | pending next 1:01:02.200: 1 bad_status 0:00:00.000 to 0:00:00.100; 2 interrupted 0:01:00.100 to 0:01:02.100; 2? bad_status due 0:01:00.100 0:01:02.100 to 0:01:02.200
  )");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_was_not_sent_is_made_again_without_a_mark, *label("G5") * label("X2")) {
  World{}.run(R"(
    rule 1 0                        |
    add a                           | enabled 0
    answer a interrupted 1 no_files |
    answer a ok 0.1                 |
    push d a                        | pending next 0:00:00.000
    settle                          | at 0:00:01.100
    delivery d                      | delivered: 1 interrupted 0:00:00.000 to 0:00:01.000; 1 ok due 0:00:00.000 0:00:01.000 to 0:00:01.100
    webhook a                       | enabled 0
  )");
}

BOOST_AUTO_TEST_CASE(an_interruption_in_an_older_epoch_drops_the_delivery, *label("G1") * label("G5")) {
  World{}.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    disable a                | disabled 0 at 0:00:00.000
    interrupt d              | dropped disabled: 1 interrupted 0:00:00.000 to 0:00:00.000
  )");
}

BOOST_AUTO_TEST_CASE(what_is_not_under_way_cannot_be_interrupted, *label("G5")) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    push d a                 | pending next 0:00:00.000
    interrupt d              | pending next 0:00:00.000
    settle                   | at 0:00:00.100
    interrupt d              | delivered: 1 ok 0:00:00.000 to 0:00:00.100
  )");
  BOOST_CHECK_THROW(world.sender().interrupt("unknown"), std::out_of_range);
}

BOOST_AUTO_TEST_SUITE_END()
