// The handlers that are running, and which of them have outlived their time limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace prospero::webhooks {

/// Thread-safe.
class RunningCalls {
 public:
  using Clock = std::chrono::steady_clock;

  /// time_max 0: no limit.
  explicit RunningCalls(std::chrono::milliseconds time_max) : time_max_(time_max) {}

  struct Call {
    std::uint64_t seq = 0;
    std::optional<Clock::time_point> ends_by;
    std::stop_source stop;
    bool parked = false;
  };
  using Handle = std::list<Call>::iterator;

  Handle begin(std::uint64_t seq);
  std::stop_token token(Handle call);
  /// Whether the call had been parked.
  bool end(Handle call);

  /// Asks the calls that are out of time to stop and parks them; gives their rows.
  std::vector<std::uint64_t> park_overdue();
  std::optional<Clock::time_point> next_deadline();
  std::size_t parked();

  /// Asks every call to stop, now and from now on.
  void stop_all();

 private:
  const std::chrono::milliseconds time_max_;
  std::mutex mutex_;
  std::list<Call> calls_;
  std::size_t parked_ = 0;
  bool stopping_ = false;
};

}  // namespace prospero::webhooks
