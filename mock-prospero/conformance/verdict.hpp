// What a report says of the run as a whole.
#pragma once

#include <string>
#include <vector>

#include "conformance/explanation.hpp"

namespace mock::conformance {

/// One line: "does not conform", ...
std::string verdict(const Report& report);

/// "the consumer was gone after D5-cut-body".
std::string gone_text(const Gone& gone);

/// It has not come to each of its cases.
bool is_incomplete(const Report& report);

/// The verdict, where the run must not pass for one that held and no case tells so: it is incomplete, or nothing was
/// shown. Else empty. Who looks at the results in a report alone has to find it there.
std::string verdict_beside_cases(const Report& report);

/// Why the verdict is not a full one; empty if it is one.
std::string limits_text(const Report& report, const ReportContext& context);

/// What stands below the verdict, a line each: how much is missing, limits_text(), which cases are flaky, which of the
/// baseline did not run.
std::vector<std::string> remarks(const Report& report, const ReportContext& context);

/// "failed in 2 of 4 repetitions, passed in 2".
std::string repetitions_text(const CaseResult& result);

}  // namespace mock::conformance
