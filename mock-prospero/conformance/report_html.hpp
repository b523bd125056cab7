// The report as one page that needs nothing else: no script, no request.
#pragma once

#include <string>
#include <string_view>

#include "conformance/explanation.hpp"

namespace mock::conformance {

/// Verdict, counts, a table of the cases with an explanation for each that does not hold, and a plot of the latencies
/// of each case that sent ten pushes or more, and of all together.
std::string html_report(const Report& report, const ReportContext& context);

/// What stands in the page's one <style>: a server names it in its Content-Security-Policy.
std::string_view html_report_style();

}  // namespace mock::conformance
