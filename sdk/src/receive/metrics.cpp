#include <prospero/webhooks/receive/metrics.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace prospero::webhooks {

Histogram::Histogram(std::vector<double> upper_bounds)
    : upper_bounds_(std::move(upper_bounds)), counts_(upper_bounds_.size() + 1) {}

void Histogram::observe(double value) {
  const auto bound = std::lower_bound(upper_bounds_.begin(), upper_bounds_.end(), value);
  ++counts_[static_cast<std::size_t>(bound - upper_bounds_.begin())];
  sum_ += value;
}

std::uint64_t Histogram::count() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

Histogram seconds_histogram() {
  return Histogram({0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60});
}

Histogram sizes_histogram() {
  return Histogram({1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024});
}

}  // namespace prospero::webhooks
