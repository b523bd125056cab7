// From the outcome of a push to a finding: what was seen, the likely cause, and what to change.
#pragma once

#include <span>
#include <string>

#include "conformance/case.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {

/// One line: status or outcome, and the milliseconds that it took.
std::string describe(const Answer& answer);

/// A complete response arrived, with any status, in less than 5 s (D4).
bool complete_in_time(const Answer& answer);

/// Success as Prospero sees it: exactly 200 (D3), in time (D4).
bool is_success(const Answer& answer);

/// A finding that holds.
Finding held(std::string actual);

/// Holds if the answer is a success.
Finding expect_success(const Answer& answer);

/// Holds if every answer is a success; else the first that is not explains the finding, and `actual` counts them.
Finding expect_successes(std::span<const Answer> answers);

/// A finding that does not hold: cause and fix follow from how the answer looks.
Finding broken_by(const Answer& answer, std::string actual);

}  // namespace mock::conformance
