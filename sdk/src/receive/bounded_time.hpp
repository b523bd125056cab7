// Durations that an application may choose as long as it likes.
#pragma once

#include <algorithm>
#include <chrono>

namespace prospero::webhooks {

/// From 0 to a hundred years, which can be added to the present of any clock.
constexpr std::chrono::milliseconds bounded(std::chrono::milliseconds time) noexcept {
  constexpr std::chrono::hours most{24 * 365 * 100};
  return std::clamp<std::chrono::milliseconds>(time, std::chrono::milliseconds{0}, most);
}

}  // namespace prospero::webhooks
