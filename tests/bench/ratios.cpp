#include "ratios.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "contenders.hpp"

namespace bench {
namespace {

// The value below which that part of them lies.
double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * part);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

double median_of(const std::vector<double>& values) {
  return quantile(values, 0.5);
}

// Half of the repetitions are so many percent of the median apart.
double spread_of(const std::vector<double>& values) {
  return 100 * (quantile(values, 0.75) - quantile(values, 0.25)) / median_of(values);
}

struct Row {
  std::size_t bytes;
  std::string_view name;
  double nanoseconds;
  double spread;
  double allocations;
};

// `boost` and `simd` are the medians that ratios are made of.
std::string text_of(const Row& row, double boost, double simd) {
  std::array<char, 200> line;
  const int size =
      std::snprintf(line.data(), line.size(), "| %7zu | %-22.*s | %9.2f | %4.0f %% | %6.0f | %6.2f | %6.2f | %6.0f |\n",
                    row.bytes, static_cast<int>(row.name.size()), row.name.data(), row.nanoseconds / 1000, row.spread,
                    static_cast<double>(row.bytes) * 1000 / row.nanoseconds, boost / row.nanoseconds,
                    simd / row.nanoseconds, row.allocations);
  return {line.data(), static_cast<std::size_t>(size)};
}

}  // namespace

void Ratios::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
    const std::string name = run.run_name.function_name;
    const std::size_t slash = name.rfind('/');
    Seen& seen = seen_[{std::stoul(name.substr(slash + 1)), name.substr(0, slash)}];
    seen.nanoseconds.push_back(run.cpu_accumulated_time * 1e9 / static_cast<double>(run.iterations));
    seen.allocations = run.counters.at("allocs").value;
  }
  ConsoleReporter::ReportRuns(runs);
}

double Ratios::median(std::string_view contender, std::size_t bytes) const {
  const auto found = seen_.find({bytes, std::string{contender}});
  return found == seen_.end() ? 0 : median_of(found->second.nanoseconds);
}

std::string Ratios::table() const {
  std::set<std::size_t> sizes;
  for (const auto& [key, seen] : seen_) sizes.insert(key.first);
  std::string table =
      "|   bytes | parser                 |        us | spread |   MB/s | x B.J. | x simd | allocs |\n"
      "|--------:|:-----------------------|----------:|-------:|-------:|-------:|-------:|-------:|\n";
  for (const std::size_t bytes : sizes) {
    for (const Contender& contender : contenders()) {
      const auto found = seen_.find({bytes, std::string{contender.name}});
      if (found == seen_.end()) continue;
      const Seen& seen = found->second;
      const Row row{bytes, contender.name, median_of(seen.nanoseconds), spread_of(seen.nanoseconds), seen.allocations};
      table += text_of(row, median(boost_json, bytes), median(simdjson_dom, bytes));
    }
  }
  return table;
}

}  // namespace bench
