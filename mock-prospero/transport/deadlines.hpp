// The deadlines of all attempts of a transport. Every attempt has equally long from its start on, so they end in the
// order in which they began: one timer, for the first of them, where one for each would be set and cancelled each time.
#pragma once

#include <chrono>
#include <list>
#include <memory>

#include <boost/asio/io_context.hpp>

namespace mock::transport {

class HasDeadline {
 public:
  virtual void on_deadline() = 0;

 protected:
  ~HasDeadline() = default;
};

/// For the loop's thread. Its end forgets all that is waited for.
class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Clock::time_point at;
    std::shared_ptr<HasDeadline> who;
  };
  using Place = std::list<Entry>::iterator;  ///< valid until it has passed or is removed

  explicit Deadlines(boost::asio::io_context& io);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  /// Calls who->on_deadline() from the loop, at `at` or soon after, unless it is removed before. `at` must not be
  /// earlier than that of an earlier call.
  Place add(Clock::time_point at, std::shared_ptr<HasDeadline> who);
  void remove(Place place);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mock::transport
