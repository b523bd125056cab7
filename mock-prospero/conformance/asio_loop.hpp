// The suite's loop on the event loop of the real transport.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "conformance/echo.hpp"
#include "conformance/loop.hpp"

namespace mock::conformance {

/// Runs `io` on the calling thread. It sees how late the tester is by a timer that ticks, by an echo that goes through
/// the same loop to another thread and back as a push does, and by that thread's own timer, which goes on while a wire
/// blocks this one. `interrupted` is asked at each tick, every 20 ms. For one thread; `io` must outlive it.
class AsioLoop : public Loop {
 public:
  using Interrupted = std::function<bool()>;
  explicit AsioLoop(boost::asio::io_context& io, Interrupted interrupted = {});

  delivery::Duration now() const override;
  bool run_until(const std::function<bool()>& ready, delivery::Duration limit) override;
  delivery::Duration take_lag() override;
  bool interrupted() const override { return interrupted_ && interrupted_(); }

 private:
  void arm();
  void note_lateness();
  void note(std::chrono::steady_clock::duration late);
  void call();

  boost::asio::io_context& io_;
  boost::asio::steady_timer tick_;
  Interrupted interrupted_;
  delivery::Duration lag_{};
  Echo echo_;
  boost::asio::local::stream_protocol::socket line_;
  std::optional<std::chrono::steady_clock::time_point> called_at_;  ///< the echo that is awaited, unless it is stale
  bool call_under_way_ = false;
  std::array<char, 1> answer_{};
};

}  // namespace mock::conformance
