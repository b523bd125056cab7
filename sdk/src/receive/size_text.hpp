// Sizes for people.
#pragma once

#include <cstdint>
#include <string>

namespace prospero::webhooks {

/// Rounded down, in a unit in which small ones are not 0 or 1.
inline std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t mib = 1u << 20;
  if (bytes < 10 * mib) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes / mib) + " MiB";
}

}  // namespace prospero::webhooks
