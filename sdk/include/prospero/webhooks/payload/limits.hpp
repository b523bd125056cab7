/// @file
/// How much parse() is willing to read.
#pragma once

#include <cstddef>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Limits on untrusted input. Raising them raises what one body may cost: memory up to some 30 times its size once its
/// DOM is asked for, stack in proportion to the depth.
struct ParseLimits {
  std::size_t bytes_max = std::size_t{1} << 20;  ///< a body of exactly so many bytes is accepted; capped at 1 GiB
  std::size_t depth_max = 64;  ///< containers within each other, the outermost counts as 1; capped at 1000
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
