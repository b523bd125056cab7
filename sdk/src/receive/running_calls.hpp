// The handlers that are running, and which of them have outlived their time limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "bounded_time.hpp"

namespace prospero::webhooks {

/// Thread-safe.
class RunningCalls {
 public:
  using Clock = std::chrono::steady_clock;

  /// time_max 0: no limit.
  explicit RunningCalls(std::chrono::milliseconds time_max) : time_max_(bounded(time_max)) {}

  struct Call {
    std::uint64_t seq = 0;
    std::optional<Clock::time_point> ends_by;
    std::stop_source stop;
    bool asked_to_stop = false;
    bool parked = false;
  };
  using Handle = std::list<Call>::iterator;

  /// Takes the memory that a call needs; what follows needs none.
  Handle prepare();
  std::stop_token begin(Handle call, std::uint64_t seq) noexcept;
  /// Whether the call had been parked.
  bool end(Handle call) noexcept;

  struct Overdue {
    std::uint64_t seq = 0;
    std::stop_source stop;
  };
  /// Parks one of the calls that are out of time; the caller asks it to stop.
  std::optional<Overdue> park_overdue() noexcept;
  std::optional<Clock::time_point> next_deadline();
  std::size_t parked();

  /// Asks every call to stop, now and from now on.
  void stop_all() noexcept;

 private:
  std::optional<std::stop_source> next_to_be_asked() noexcept;

  const std::chrono::milliseconds time_max_;
  std::mutex mutex_;
  std::list<Call> calls_;
  std::size_t parked_ = 0;
  bool stopping_ = false;
};

/// One call, from before its row is taken.
class RunningCall {
 public:
  explicit RunningCall(RunningCalls& calls) : calls_(calls), call_(calls.prepare()) {}
  ~RunningCall() {
    if (call_) calls_.end(*call_);
  }
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  std::stop_token begin(std::uint64_t seq) noexcept { return calls_.begin(*call_, seq); }
  /// As RunningCalls::end(); once.
  bool end() noexcept { return calls_.end(*std::exchange(call_, std::nullopt)); }

 private:
  RunningCalls& calls_;
  std::optional<RunningCalls::Handle> call_;
};

}  // namespace prospero::webhooks
