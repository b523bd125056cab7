#include "simulation/random.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using mock::simulation::Random;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(randomness)

BOOST_AUTO_TEST_CASE(is_the_same_on_every_machine) {
  Random random(1);
  BOOST_TEST(random.next() == 12966619160104079557u);
  BOOST_TEST(random.next() == 9600361134598540522u);
  BOOST_TEST(random.next() == 10590380919521690900u);
}

BOOST_AUTO_TEST_CASE(differs_by_seed) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) firsts.insert(Random(seed).next());
  BOOST_TEST(firsts.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(ranges_hold_both_ends_and_nothing_else) {
  Random random(7);
  std::set<int> numbers;
  std::set<mock::delivery::Duration> times;
  for (int i = 0; i < 1000; ++i) {
    numbers.insert(random.between(-1, 2));
    times.insert(random.between(3us, 5us));
  }
  BOOST_TEST((numbers == std::set{-1, 0, 1, 2}));
  BOOST_TEST((times == std::set<mock::delivery::Duration>{3us, 4us, 5us}));
}

BOOST_AUTO_TEST_CASE(a_chance_of_nothing_never_comes_and_a_certain_one_always) {
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    BOOST_REQUIRE(!random.chance(0));
    BOOST_REQUIRE(random.chance(1000));
  }
}

BOOST_AUTO_TEST_SUITE_END()
