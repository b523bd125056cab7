// A timer that goes on while the machine is suspended (G7), unlike Asio's own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>

#include "delivery/types.hpp"

namespace mock::engine {

/// Not thread-safe: every call on the thread of the io_context.
class BootTimer {
 public:
  /// Throws std::system_error when the system has no descriptor left. `ring` is called each time that it goes off.
  BootTimer(boost::asio::io_context& io, std::function<void()> ring);

  /// Goes off once, `after` from now, instead of when it was set for before. Zero or less: as soon as possible.
  void set(delivery::Duration after);
  void cancel();

 private:
  void wait();

  boost::asio::posix::stream_descriptor descriptor_;
  std::function<void()> ring_;
};

}  // namespace mock::engine
