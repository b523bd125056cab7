// The suite's loop on the event loop of the real transport.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "conformance/loop.hpp"

namespace mock::conformance {

/// Runs `io` on the calling thread, with a timer that ticks to see how late the thread is: a handler that took long, or
/// a machine that was busy. `interrupted` is asked at each tick, every 20 ms. For one thread; `io` must outlive it.
class AsioLoop : public Loop {
 public:
  using Interrupted = std::function<bool()>;
  explicit AsioLoop(boost::asio::io_context& io, Interrupted interrupted = {})
      : io_(io), tick_(io), interrupted_(std::move(interrupted)) {}

  delivery::Duration now() const override;
  bool run_until(const std::function<bool()>& ready, delivery::Duration limit) override;
  delivery::Duration take_lag() override;
  bool interrupted() const override { return interrupted_ && interrupted_(); }

 private:
  void arm();
  void note_lateness();

  boost::asio::io_context& io_;
  boost::asio::steady_timer tick_;
  Interrupted interrupted_;
  delivery::Duration lag_{};
};

}  // namespace mock::conformance
