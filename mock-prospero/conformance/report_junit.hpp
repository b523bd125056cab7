// The report as JUnit XML, which most CI systems show.
#pragma once

#include <string>

#include "conformance/explanation.hpp"

namespace mock::conformance {

/// One `<testsuite>`, one `<testcase>` for each case, `classname` its clause. Advice is a passed case with the advice
/// in
/// `<system-out>`; what could not be judged is an `<error>`; an expected failure is `<skipped>`; an expected failure
/// that passes is a `<failure>`.
std::string junit_report(const Report& report, const ReportContext& context);

}  // namespace mock::conformance
