// The suite's loop on the event loop of the real transport.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "conformance/loop.hpp"

namespace mock::conformance {

/// Runs `io` on the calling thread, with a timer that ticks to see how late the thread is: a handler that took long, or
/// a machine that was busy. For one thread; `io` must outlive it.
class AsioLoop : public Loop {
 public:
  explicit AsioLoop(boost::asio::io_context& io) : io_(io), tick_(io) {}

  delivery::Duration now() const override;
  bool run_until(const std::function<bool()>& ready, delivery::Duration limit) override;
  delivery::Duration take_lag() override;

 private:
  void arm();
  void note_lateness();

  boost::asio::io_context& io_;
  boost::asio::steady_timer tick_;
  delivery::Duration lag_{};
};

}  // namespace mock::conformance
