// The failures that a project knows of and lives with for now.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/selection.hpp"

namespace mock::conformance {

/// From the id of a case to the reason why it may fail.
using Baseline = std::map<std::string, std::string>;

/// Reads `{"expected": [{"id": "D4-margin", "reason": "ticket 7"}]}`. Throws std::invalid_argument, in one line that
/// says what is wrong, for anything else: malformed JSON, another member, an id that is no case, an id listed twice, a
/// reason that is missing or empty.
Baseline parse_baseline(std::string_view text);

/// Throws std::invalid_argument, in one line, for a listed case that `cases` does not have or leaves out: whether it
/// still fails would stay unknown.
void check_listed(const Baseline& baseline, const std::vector<SelectedCase>& cases);

}  // namespace mock::conformance
