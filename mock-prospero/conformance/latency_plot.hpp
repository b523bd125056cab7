// How long answers took, as a picture.
#pragma once

#include <span>
#include <string>

#include "delivery/types.hpp"

namespace mock::conformance {

/// An SVG element to stand inside an HTML page: one dot for each answer in the order of the pushes, on a logarithmic
/// scale from 1 ms to 10 s, with a line at the 5 s of D4. At most 1,000 dots: of more, every nth.
std::string latency_plot(std::span<const delivery::Duration> latencies);

/// "p50 4 ms, p99 12 ms, max 15 ms"; not for an empty range.
std::string latency_text(std::span<const delivery::Duration> latencies);

}  // namespace mock::conformance
