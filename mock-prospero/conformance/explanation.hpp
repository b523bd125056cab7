// What every report tells about a case that does not hold.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/report.hpp"

namespace mock::conformance {

/// What a report knows besides the results.
struct ReportContext {
  /// The flags that a repeated run needs besides --only, as shell words; starts with a space if not empty.
  std::string repeat_flags;
  /// Flags of this run that keep the verdict from being a full one, for instance `--allow-local`.
  std::vector<std::string> limited_by;
};

/// True for a case of which there is more to say than its status and why it was skipped.
bool needs_explanation(const CaseResult& result);

/// Name and text, in the order to show them, without empty ones: requirement, each accepted outcome, the actual one,
/// the request, the answer, the likely cause, the fix, how to repeat it; of a case that did not run, why not. The URL
/// appears as "$TARGET_URL".
std::vector<std::pair<std::string, std::string>> explanation(const CaseResult& result, const ReportContext& context);

/// The same as lines `name: text`.
std::string explanation_text(const CaseResult& result, const ReportContext& context);

}  // namespace mock::conformance
