// Connections that answered attempts left open, for the next attempt to the same URL (--keep-alive).
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "transport/stream.hpp"

namespace mock::transport {

struct IdleLimits {
  std::size_t connections_max = 256;         ///< more: the one idle for longest is closed
  std::chrono::milliseconds idle_max{4000};  ///< shorter than the 5 s after which usual servers close
};

/// For the loop's thread. The destructor closes all.
class IdleConnections {
 public:
  explicit IdleConnections(boost::asio::io_context& io, IdleLimits limits = {});
  ~IdleConnections();
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

  /// Nothing may be under way on `stream`.
  void put(std::string url, std::shared_ptr<Stream> stream);
  /// The one put last for that URL which is still open, as far as this machine has been told; null without one.
  std::shared_ptr<Stream> take(const std::string& url);
  std::size_t size() const noexcept { return idle_.size(); }

 private:
  using Steady = std::chrono::steady_clock;
  struct Idle {
    std::string url;
    std::shared_ptr<Stream> stream;
    Steady::time_point until;
  };

  void close_oldest();
  void close_expired();
  void watch();

  const IdleLimits limits_;
  std::deque<Idle> idle_;  ///< oldest first
  boost::asio::steady_timer timer_;
  bool watching_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  ///< a wait that has ended may come to be told after this
};

}  // namespace mock::transport
