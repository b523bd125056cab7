// Figures of the receiving end as plain values, for whatever system an application is watched with. The counters
// themselves are handed out by their owners: Listener::counters(), Receiver::counters(), Inbox::counts().
#pragma once

#include <cstdint>
#include <vector>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// How many observed values fell below each bound. Not thread-safe.
class Histogram {
 public:
  Histogram() = default;
  /// `upper_bounds` ascending; values above the last one are counted too.
  explicit Histogram(std::vector<double> upper_bounds);

  void observe(double value);

  const std::vector<double>& upper_bounds() const noexcept { return upper_bounds_; }
  /// Values up to each bound but above the one before it, then those above the last bound.
  const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }
  std::uint64_t count() const noexcept;  ///< of all values
  double sum() const noexcept { return sum_; }

 private:
  std::vector<double> upper_bounds_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(1);
  double sum_ = 0;
};

/// For times of answers and handlers in seconds: 0.5 ms to 60 s, with a bound at the 5 s that Prospero waits (D4).
Histogram seconds_histogram();

}  // namespace prospero::webhooks

#pragma GCC visibility pop
