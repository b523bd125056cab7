// From the outcome of a push to a finding: what was seen, the likely cause, and what to change.
#pragma once

#include <span>
#include <string>

#include "conformance/case.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {

/// One line: status or outcome, and the milliseconds that it took.
std::string describe(const delivery::AttemptResult& answer);

/// For several successes: the median, the 99th percentile and the longest time, and the margin to 5 s. Not empty.
std::string describe_spread(std::span<const Answer> answers);

/// A complete response arrived, with any status, in less than 5 s (D4).
bool complete_in_time(const Answer& answer);

/// Success as Prospero sees it: exactly 200 (D3), in time (D4).
bool is_success(const Answer& answer);

/// A finding that holds.
Finding held(std::string actual);

/// The name of the URL led to an address that Prospero refuses, though it led to a public one before (D6).
Finding leads_elsewhere(std::string actual);

/// The question does not arise, for the reason given.
Finding not_applicable(std::string why);

/// The witness could not be read, so nobody can say.
Finding unreadable(const WitnessReading& reading);

/// Broken, with a cause and a fix of the case's own.
Finding broken(std::string actual, std::string cause, std::string fix);

/// Holds if the answer is a success.
Finding expect_success(const Answer& answer);

/// Holds if every answer is a success; else the first that is not explains the finding, and `actual` counts them.
Finding expect_successes(std::span<const Answer> answers);

/// Holds if every request on the connection was answered, and every answer is a success.
Finding expect_successes(const Session& session, std::size_t requests);

/// Cause and fix of a name that could not be looked up: they go before those of any case.
void blame_name(Finding& finding);

/// A finding that does not hold: cause and fix follow from how the answer looks.
Finding broken_by(const Answer& answer, std::string actual);

}  // namespace mock::conformance
