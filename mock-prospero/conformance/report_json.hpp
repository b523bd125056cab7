// The JSON report and the JSON list of cases. Field names are fixed: CI scripts read them.
#pragma once

#include <string>
#include <vector>

#include "conformance/report.hpp"
#include "conformance/selection.hpp"

namespace mock::conformance {

/// `{"schema": 1, "summary", "full", "target", "seed", "cases": [...]}`, one case a line, with a line end.
std::string json_report(const Report& report);

/// `{"schema": 1, "cases": [{"id", "clause", "strength", "title", "requirement", "expected", "restsOn"}]}`.
std::string json_list(const std::vector<SelectedCase>& cases);

}  // namespace mock::conformance
