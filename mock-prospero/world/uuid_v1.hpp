// Version 1 UUIDs, the form of every id of Prospero (T1).
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "world/date_time.hpp"

namespace mock::world {

/// Makes version 1 UUIDs that never repeat: each takes the clock's tick (100 ns), or one more than the tick before it
/// when the clock has not moved on or has gone back. The node is random and marked as such (multicast bit), so that no
/// network card is named. Not thread-safe.
class UuidV1 {
 public:
  /// Draws node and clock sequence from `random`. Nothing at or before `last_tick` is handed out: a generator that
  /// goes on where an earlier one stopped passes that one's last_tick().
  explicit UuidV1(std::mt19937_64& random, std::uint64_t last_tick = 0);

  /// Lower-case text, 8-4-4-4-12 hex digits. `now` must be in 1582-10-15 .. 5236.
  std::string next(Instant now);

  /// The tick of the latest id, in 100 ns since 1582-10-15.
  std::uint64_t last_tick() const noexcept { return last_tick_; }

 private:
  std::uint64_t node_;
  std::uint16_t sequence_;
  std::uint64_t last_tick_;
};

}  // namespace mock::world
