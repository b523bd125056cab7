/// @file
/// Figures of the receiving end as plain values, for whatever system an application is watched with. The counters
/// themselves are handed out by their owners: Listener::counters(), Receiver::counters(), Inbox::counts().
#pragma once

#include <cstdint>
#include <vector>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// How many observed values fell below each bound. Not thread-safe.
class Histogram {
 public:
  /// Without bounds: it counts all values alike.
  Histogram() = default;
  /// Values above the last bound are counted too.
  /// @param upper_bounds ascending
  explicit Histogram(std::vector<double> upper_bounds);

  /// Counts a value.
  /// @param value in the unit of the bounds
  void observe(double value);

  /// @return those that it was made with
  const std::vector<double>& upper_bounds() const noexcept { return upper_bounds_; }
  /// @return how many values there were up to each bound but above the one before it, then above the last bound
  const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }
  /// @return how many values there were
  std::uint64_t count() const noexcept;
  /// @return of all values
  double sum() const noexcept { return sum_; }

 private:
  std::vector<double> upper_bounds_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(1);
  double sum_ = 0;
};

/// For times of answers and handlers.
/// @return in seconds, from 0.5 ms to 60 s, with a bound at the 5 s that Prospero waits (D4)
Histogram seconds_histogram();

/// For how many share something, a commit for instance.
/// @return powers of two from 1 to 1024
Histogram sizes_histogram();

}  // namespace prospero::webhooks

#pragma GCC visibility pop
