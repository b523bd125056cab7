#include "world/uuid_v1.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "shape.hpp"

using mock::world::Instant;
using mock::world::UuidV1;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

std::uint64_t tick_in(const std::string& id) {
  const auto hex = [&](std::size_t from, std::size_t count) {
    return std::stoull(id.substr(from, count), nullptr, 16);
  };
  return ((hex(14, 4) & 0x0fffU) << 48U) | (hex(9, 4) << 32U) | hex(0, 8);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uuid_v1, *boost::unit_test::label("T1"))

BOOST_AUTO_TEST_CASE(text_is_version_1_of_the_rfc_variant_with_a_multicast_node) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random{seed};
    const auto id = UuidV1{random}.next(noon);
    BOOST_TEST(world_test::has_shape(id, "xxxxxxxx-xxxx-1xxx-xxxx-xxxxxxxxxxxx"), id);
    BOOST_TEST(std::string{"89ab"}.find(id.at(19)) != std::string::npos, id);
    BOOST_TEST(std::string{"13579bdf"}.find(id.at(25)) != std::string::npos, id);
  }
}

BOOST_AUTO_TEST_CASE(known_instant_gives_the_tick_of_the_rfc) {
  // 1970-01-01 is 0x01b21dd213814000 ticks after 1582-10-15, the constant that RFC 4122's own sample code uses.
  std::mt19937_64 random{1};
  UuidV1 uuids{random};
  BOOST_TEST(uuids.next(Instant{}).substr(0, 18) == "13814000-1dd2-11b2");
  BOOST_TEST(tick_in(uuids.next(noon)) ==
             0x01b21dd213814000U + 10U * static_cast<std::uint64_t>(noon.time_since_epoch().count()));
}

BOOST_AUTO_TEST_CASE(still_clock_gives_one_tick_more_per_id) {
  std::mt19937_64 random{7};
  UuidV1 uuids{random};
  const auto first = tick_in(uuids.next(noon));
  for (std::uint64_t n = 1; n <= 1000; ++n) BOOST_TEST(tick_in(uuids.next(noon)) == first + n);
}

BOOST_AUTO_TEST_CASE(clock_that_goes_back_repeats_nothing) {
  std::mt19937_64 random{7};
  UuidV1 uuids{random};
  std::set<std::string> seen;
  for (int n = 0; n < 100; ++n) BOOST_TEST(seen.insert(uuids.next(noon - n * 1s)).second);
}

BOOST_AUTO_TEST_CASE(generator_that_goes_on_hands_out_nothing_before_the_last_tick) {
  std::mt19937_64 random{7};
  UuidV1 earlier{random};
  earlier.next(noon);
  UuidV1 later{random, earlier.last_tick()};
  BOOST_TEST(tick_in(later.next(noon - 1h)) == earlier.last_tick() + 1);
}

BOOST_AUTO_TEST_CASE(equal_seeds_give_equal_ids_and_different_seeds_do_not) {
  std::mt19937_64 one{1}, same{1}, other{2};
  const auto id = UuidV1{one}.next(noon);
  BOOST_TEST(UuidV1{same}.next(noon) == id);
  BOOST_TEST(UuidV1{other}.next(noon) != id);
}

BOOST_AUTO_TEST_SUITE_END()
