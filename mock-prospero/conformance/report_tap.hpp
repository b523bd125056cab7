// The report in the Test Anything Protocol, version 14.
#pragma once

#include <string>

#include "conformance/explanation.hpp"

namespace mock::conformance {

/// A plan, then one test point for each case, with a YAML block where there is more to say. What could not be judged is
/// `not ok`; an expected failure carries the to-do directive; advice is `ok`. An endpoint that was not reached is `Bail
/// out!`.
std::string tap_report(const Report& report, const ReportContext& context);

}  // namespace mock::conformance
