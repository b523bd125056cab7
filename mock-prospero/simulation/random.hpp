// Randomness that is the same on every machine: the standard library's distributions are not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "delivery/types.hpp"

namespace mock::simulation {

/// xoshiro256**, its state filled by splitmix64. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      auto mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    const auto result = rotated(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }

  std::size_t below(std::size_t end) { return next() % end; }  ///< 0 .. end - 1; end is at least 1
  int between(int least, int most) {
    return least + static_cast<int>(below(static_cast<std::size_t>(most - least) + 1));
  }
  bool chance(int per_mille) { return between(0, 999) < per_mille; }
  delivery::Duration between(delivery::Duration least, delivery::Duration most) {
    return least +
           delivery::Duration{static_cast<std::int64_t>(below(static_cast<std::size_t>((most - least).count()) + 1))};
  }

 private:
  static std::uint64_t rotated(std::uint64_t word, int by) { return (word << by) | (word >> (64 - by)); }
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace mock::simulation
