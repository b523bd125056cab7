// Real time for the sender: the wall clock as it stood at the start, moved on by a clock that nobody sets (G7).
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "delivery/ports.hpp"

namespace mock::transport {

/// Time since boot, counting suspension; never goes back (CLOCK_BOOTTIME).
std::chrono::nanoseconds boot_time();

struct RealClockOptions {
  double speed = 1;                ///< G6: from the start on, so many times as fast as the wall clock; at least 1
  delivery::Instant not_before{};  ///< what it shows first, if that is later than the wall clock
};

/// A step of the wall clock changes nothing while the process runs, and sleep of the machine counts (G7). Thread-safe.
///
/// A faster clock divides all waiting; the 5 s of an attempt (D4) are measured by the transport and stay 5 s, in which
/// this clock moves on by 5 s times the speed.
class RealClock final : public delivery::Clock {
 public:
  explicit RealClock(RealClockOptions options = {});
  delivery::Instant now() const override;
  delivery::Instant end_of(delivery::Instant started_at, delivery::Duration took) const override;
  /// How long to wait, in real time, until it shows `at`; negative if it does already.
  delivery::Duration until(delivery::Instant at) const;

 private:
  delivery::Instant start_;
  std::chrono::nanoseconds boot_at_start_;
  double speed_;
};

/// Waits on an io_context by boot_time(), so that a suspended machine finds its retries due when it wakes (Asio's own
/// timers stand still meanwhile). For the loop's thread.
class BootTimer {
 public:
  /// Throws std::system_error if the system gives no timer.
  explicit BootTimer(boost::asio::io_context& io);
  ~BootTimer();

  /// Calls `done` once, after `delay` (at once if it is not positive), from the loop. Replaces an earlier wait, whose
  /// `done` is then not called.
  void wait(delivery::Duration delay, std::function<void()> done);
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mock::transport
