#include "simulation/timeline.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using mock::simulation::Timeline;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(timeline)

BOOST_AUTO_TEST_CASE(runs_by_instant_then_by_order_of_planning) {
  Timeline time;
  std::string ran;
  time.at(2s, [&] { ran += 'c'; });
  time.at(1s, [&] { ran += 'a'; });
  time.at(1s, [&] { ran += 'b'; });
  BOOST_TEST(time.step(10s));
  BOOST_TEST(ran == "ab");
  BOOST_TEST((time.now() == 1s));
  BOOST_TEST(time.step());
  BOOST_TEST(ran == "abc");
  BOOST_TEST(!time.step());
}

BOOST_AUTO_TEST_CASE(what_is_planned_for_the_instant_that_runs_belongs_to_it) {
  Timeline time;
  bool ran = false;
  time.at(1s, [&] { time.at(0s, [&] { ran = true; }); });
  time.step();
  BOOST_TEST(ran);
  BOOST_TEST((time.now() == 1s));
}

BOOST_AUTO_TEST_CASE(moves_on_to_the_limit_when_nothing_is_before_it) {
  Timeline time;
  time.at(2s, [] {});
  BOOST_TEST(!time.step(1500ms));
  BOOST_TEST((time.now() == 1500ms));
  BOOST_TEST(!time.empty());
}

BOOST_AUTO_TEST_SUITE_END()
