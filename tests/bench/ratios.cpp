#include "ratios.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "contenders.hpp"

namespace bench {
namespace {

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string row(std::size_t bytes, std::string_view name, double ns, double boost, double simd, double allocations) {
  std::array<char, 200> line;
  const int size =
      std::snprintf(line.data(), line.size(), "| %7zu | %-22.*s | %9.2f | %6.0f | %6.2f | %6.2f | %6.0f |\n", bytes,
                    static_cast<int>(name.size()), name.data(), ns / 1000, static_cast<double>(bytes) * 1000 / ns,
                    boost / ns, simd / ns, allocations);
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
      "|   bytes | parser                 |        us |   MB/s | x B.J. | x simd | allocs |\n"
      "|--------:|:-----------------------|----------:|-------:|-------:|-------:|-------:|\n";
  for (const std::size_t bytes : sizes) {
    for (const Contender& contender : contenders()) {
      const auto found = seen_.find({bytes, std::string{contender.name}});
      if (found == seen_.end()) continue;
      table += row(bytes, contender.name, median_of(found->second.nanoseconds), median(boost_json, bytes),
                   median(simdjson_dom, bytes), found->second.allocations);
    }
  }
  return table;
}

}  // namespace bench
