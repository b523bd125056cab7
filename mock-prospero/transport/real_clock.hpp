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

/// A step of the wall clock changes nothing while the process runs, and sleep of the machine counts (G7). Thread-safe.
class RealClock final : public delivery::Clock {
 public:
  RealClock();
  delivery::Instant now() const override;

 private:
  std::chrono::nanoseconds wall_minus_boot_;
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
