#include "simulation/plan.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace mock::simulation;

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(each_fault_is_off_in_some_runs_and_on_in_others) {
  std::set<bool> crash, lost, wall, suspend, virtual_clock, no_files, from_first;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const auto drawn = draw_plan(random);
    crash.insert(drawn.operation.crash > 0);
    lost.insert(drawn.network.answer_lost > 0);
    wall.insert(drawn.operation.wall_step > 0);
    suspend.insert(drawn.operation.suspend > 0);
    virtual_clock.insert(drawn.virtual_clock);
    no_files.insert(drawn.network.no_files > 0);
    from_first.insert(drawn.sender.delays_from == mock::contract::DelaysFrom::first_failure);
  }
  for (const auto& one : {crash, lost, wall, suspend, virtual_clock, no_files, from_first})
    BOOST_TEST(one.size() == 2u);
}

BOOST_AUTO_TEST_CASE(says_what_it_drew_in_one_line) {
  Random random(1);
  const auto text = to_text(draw_plan(random));
  BOOST_TEST(text.find('\n') == std::string::npos);
  for (const auto* word : {"clock ", "crash ", "answer lost ", "disable after ", "no files ", "delays from the "})
    BOOST_TEST(text.find(word) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
