// How long to wait before a failed handler is tried again.
#pragma once

#include <chrono>

namespace prospero::webhooks {

/// The delay after the `tries`-th failed try (from 1): `spread` in [0, 1) picks a point in the upper half of
/// min(least * 2^(tries-1), most), so that what failed together does not come back together. Pure.
std::chrono::milliseconds backoff_delay(unsigned tries, std::chrono::milliseconds least, std::chrono::milliseconds most,
                                        double spread) noexcept;

}  // namespace prospero::webhooks
