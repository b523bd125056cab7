// Prints each repetition as it comes, keeps its time, and at the end makes the table of medians and ratios.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Benchmarks must be named "<contender>/<bytes>" and carry a counter "allocs".
class Ratios : public benchmark::ConsoleReporter {
 public:
  Ratios() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override;

  /// A Markdown table: one row for each contender and size.
  std::string table() const;

 private:
  struct Seen {
    std::vector<double> nanoseconds;  ///< of one parse, one for each repetition
    double allocations = 0;
  };

  double median(std::string_view contender, std::size_t bytes) const;

  std::map<std::pair<std::size_t, std::string>, Seen> seen_;
};

}  // namespace bench
