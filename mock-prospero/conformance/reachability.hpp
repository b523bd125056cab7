// Whether anybody takes connections at the URL: before the first case, and when one found nobody.
#pragma once

#include <optional>
#include <string>

#include "conformance/probe.hpp"
#include "conformance/report.hpp"
#include "conformance/run.hpp"

namespace mock::conformance {

/// Sends a push. Empty if it found somebody; a consumer that --exec has just started has 30 s for that.
std::optional<Unreached> reach(const Plan& plan, const Access& access);

/// The command of --exec has ended, and nobody here killed it; `after` is the caller's to say. Empty without one.
std::optional<Gone> ended_by_itself(const Access& access);

/// So long may a supervisor take to start a consumer again that a push has ended.
inline constexpr delivery::Duration back_within = std::chrono::seconds(10);

/// Sends pushes until one finds somebody, for `back_within` at most. Empty if one did; else what the last one found,
/// `after` is the caller's to say.
std::optional<Gone> stays_away(const Plan& plan, const Access& access);

}  // namespace mock::conformance
