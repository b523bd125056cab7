// What follows the end of an attempt: a pure function of the attempts so far.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "contract/values.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

struct Verdict {
  enum class Kind : std::uint8_t {
    delivered,  ///< R3
    retry,      ///< R1: the next number, due at `at`
    repeat,     ///< G5: the same number, due at `at`
    abandoned,  ///< R4
  };
  Kind kind = Kind::delivered;
  Instant at{};  ///< for retry and repeat

  bool operator==(const Verdict&) const = default;
};
std::string_view to_text(Verdict::Kind kind);

/// What follows the last of `attempts`, which has its outcome and its end. The n-th of `delays` follows the failure of
/// attempt number n and counts from its end, or from that of the first failure (R2): then its instant may have passed,
/// because an attempt came late, and the retry is overdue. A failure without a delay left abandons the delivery (R4).
Verdict judge(const std::vector<Duration>& delays, contract::DelaysFrom from, const std::vector<Attempt>& attempts);

/// True for every outcome that is neither success (D3) nor unknown (G5).
bool is_failure(Outcome outcome);

}  // namespace mock::delivery
