// The report for people: a line for each case as it ends, an explanation for each that does not hold, a verdict.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "conformance/dry_run.hpp"
#include "conformance/explanation.hpp"
#include "conformance/report.hpp"
#include "conformance/run.hpp"
#include "conformance/selection.hpp"

namespace mock::conformance {

struct TextOptions {
  bool color = false;  ///< on a terminal: colors, and a line that tells how far the run is
  ReportContext context;
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
  void show_progress();
  std::string painted(Status status) const;

  std::ostream& out_;
  TextOptions options_;
  std::vector<std::int64_t> about_ms_;  ///< of the cases still to come
  std::size_t done_ = 0, total_ = 0;
};

/// One case a line: id, strength, level, title.
std::string text_list(const std::vector<SelectedCase>& cases);

}  // namespace mock::conformance
