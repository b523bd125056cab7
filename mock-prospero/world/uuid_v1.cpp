#include "world/uuid_v1.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

constexpr std::uint64_t node_mask = 0xffff'ffff'ffffU;
constexpr std::uint64_t multicast_bit = 0x0100'0000'0000U;
constexpr std::uint16_t variant_bits = 0x8000;
constexpr std::uint16_t sequence_mask = 0x3fff;
constexpr std::uint64_t version_1 = 0x1000;

// 100 ns steps between 1582-10-15, where these UUIDs begin to count, and 1970-01-01.
constexpr std::int64_t ticks_before_1970 = 0x01b2'1dd2'1381'4000;
constexpr std::int64_t ticks_per_microsecond = 10;

std::uint64_t tick_of(Instant now) {
  return static_cast<std::uint64_t>(now.time_since_epoch().count() * ticks_per_microsecond + ticks_before_1970);
}

}  // namespace

UuidV1::UuidV1(std::mt19937_64& random, std::uint64_t last_tick)
    : node_((random() & node_mask) | multicast_bit),
      sequence_(static_cast<std::uint16_t>((random() & sequence_mask) | variant_bits)),
      last_tick_(last_tick) {}

std::string UuidV1::next(Instant now) {
  last_tick_ = std::max(tick_of(now), last_tick_ + (PROSPERO_FAULT(T1_ids_repeat_on_a_still_clock) ? 0 : 1));
  const auto low = last_tick_ & 0xffff'ffffU;
  const auto middle = (last_tick_ >> 32U) & 0xffffU;
  const auto high =
      ((last_tick_ >> 48U) & 0x0fffU) | (PROSPERO_FAULT(T1_ids_are_of_version_4) ? version_1 * 4 : version_1);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", low, middle, high, sequence_, node_);
}

}  // namespace mock::world
