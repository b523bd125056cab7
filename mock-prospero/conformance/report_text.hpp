// The report for people: a line for each case as it ends, an explanation for each that does not hold, a verdict.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "conformance/report.hpp"
#include "conformance/run.hpp"
#include "conformance/selection.hpp"

namespace mock::conformance {

struct TextOptions {
  bool color = false;
  /// The flags that a repeated run needs besides --only, as shell words; starts with a space if not empty.
  std::string repeat_flags;
  /// Flags of this run that keep the verdict from being a full one, for instance `--allow-local`.
  std::vector<std::string> limited_by;
};

/// Writes to a stream that outlives it. The URL appears without its path, and as "$TARGET_URL" where it is to be typed.
class TextReport {
 public:
  TextReport(std::ostream& out, TextOptions options);

  void begin(const Plan& plan, const Traffic& traffic);
  void add(const CaseResult& result);
  void end(const Report& report);

 private:
  void explain(const CaseResult& result);
  std::string painted(Status status) const;

  std::ostream& out_;
  TextOptions options_;
};

/// One case a line: id, strength, title.
std::string text_list(const std::vector<SelectedCase>& cases);

}  // namespace mock::conformance
