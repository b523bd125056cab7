// Told once when something is nearly full, and again only after it was emptier in between.
#pragma once

#include <cstdint>

namespace prospero::webhooks {

class FillAlarm {
 public:
  /// True when `used` has reached 80 % of `most` (0: no limit) for the first time since it was below 70 %.
  bool rings(std::uint64_t used, std::uint64_t most) noexcept {
    if (most == 0) return false;
    if (used < most / 10 * 7) rung_ = false;
    if (rung_ || used < most / 10 * 8) return false;
    rung_ = true;
    return true;
  }

 private:
  bool rung_ = false;
};

}  // namespace prospero::webhooks
