#include "simulation/run.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "simulation/report.hpp"

using boost::unit_test::label;
using namespace mock::simulation;

BOOST_AUTO_TEST_SUITE(simulation)

BOOST_AUTO_TEST_CASE(the_first_runs_hold, *label("D3") * label("D4") * label("D8") * label("D9") * label("R1") *
                                              label("R2") * label("R3") * label("R4") * label("R5") * label("X1") *
                                              label("X2") * label("X3") * label("X4") * label("S1") * label("S2") *
                                              label("G1") * label("G2") * label("G3") * label("G4") * label("G5") *
                                              label("G6") * label("G7")) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto run = carry_out(seed);
    BOOST_REQUIRE_MESSAGE(run.violations.empty(), failure_text(run));
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_history) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    BOOST_TEST(hash_of(carry_out(seed).history) == hash_of(carry_out(seed).history));
  BOOST_TEST(hash_of(carry_out(1).history) != hash_of(carry_out(2).history));
}

/// A simulator in which nothing happens would hold too.
BOOST_AUTO_TEST_CASE(everything_comes_up) {
  Totals totals;
  std::set<Entry::Kind> kinds;
  std::set<mock::delivery::Outcome> outcomes;
  std::set<mock::delivery::State> states;
  std::set<int> numbers;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto run = carry_out(seed);
    totals.add(run);
    for (const auto& entry : run.history.entries) {
      kinds.insert(entry.kind);
      if (entry.kind != Entry::Kind::delivery) continue;
      states.insert(entry.delivery.state);
      if (entry.delivery.attempts == 0) continue;
      numbers.insert(entry.delivery.last.number);
      if (entry.delivery.last.outcome) outcomes.insert(*entry.delivery.last.outcome);
    }
  }
  BOOST_TEST(kinds.size() == static_cast<std::size_t>(Entry::Kind::calm) + 1);
  BOOST_TEST(outcomes.size() == 8u);
  BOOST_TEST(states.size() == 4u);
  BOOST_TEST((numbers == std::set{1, 2, 3, 4}));
  BOOST_TEST(totals.deliveries > 1000u);
  BOOST_TEST(totals.crashes > 10u);
}

BOOST_AUTO_TEST_SUITE_END()
