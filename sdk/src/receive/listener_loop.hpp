// A thread of the listener and what its connections share.
#pragma once

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "listener_outbox.hpp"

namespace prospero::webhooks::detail {

/// A connection stays with its loop, so nothing of it needs a lock or another thread.
struct Loop {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open = boost::asio::make_work_guard(io);
  Outbox outbox{io};
  std::array<char, 64u << 10> read_room;  ///< for one read at a time, so that a silent connection needs none
  std::thread thread;
};

}  // namespace prospero::webhooks::detail
