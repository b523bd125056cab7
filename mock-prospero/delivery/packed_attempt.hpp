// One recorded attempt in 64 bytes.
#pragma once

#include <array>
#include <cstdint>

#include "delivery/text_pool.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

/// Instants and phases in microseconds. A phase of more than 71 minutes is kept as 71 minutes (no attempt lasts longer
/// than the 5 s of D4); a number, an epoch or a status that does not fit is a std::length_error.
struct PackedAttempt {
  std::int64_t scheduled_at = 0;
  std::int64_t started_at = 0;
  std::int64_t ended_at = 0;              ///< means nothing unless `ended`
  std::array<std::uint32_t, 5> phases{};  ///< dns, connect, tls, send, wait; the greatest value is "none"
  std::uint32_t epoch = 0;
  std::uint32_t texts = 0;     ///< detail and answer, as one number in the pool
  std::uint32_t previous = 0;  ///< where the attempt before it is; the owner's business
  std::int16_t status = 0;     ///< negative: none
  std::uint16_t number = 0;
  std::uint8_t outcome = 0;  ///< means nothing unless `has_outcome`
  bool ended = false;
  bool has_outcome = false;
  bool uncertain = false;
};
static_assert(sizeof(PackedAttempt) == 64);

PackedAttempt pack(const Attempt& attempt, TextPool& pool);
Attempt unpack(const PackedAttempt& packed, const TextPool& pool);

}  // namespace mock::delivery
