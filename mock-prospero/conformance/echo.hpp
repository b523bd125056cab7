// Somebody in this very process who answers at once: when even that answer is late, the machine is at fault.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "delivery/types.hpp"

namespace mock::conformance {

/// A thread that sends back each byte that comes over its line, and wakes every 20 ms to see how late it does so.
class Echo {
 public:
  /// Throws std::runtime_error when the system gives no socket.
  Echo();
  ~Echo();
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  /// The other end of the line, a stream socket that the caller owns from then on; once.
  int take_line();
  /// By how much the thread woke late, at worst, since the last call. Thread-safe.
  delivery::Duration take_lag();

 private:
  void run();

  int own_ = -1, other_ = -1;
  std::atomic<delivery::Duration::rep> lag_us_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace mock::conformance
