// Makes what the engine's turns change durable, one group after the other, on a thread of its own: while the disk syncs
// one group, the next one collects.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "engine/keeping.hpp"

namespace mock::engine {

/// For the thread that runs `io`, unless a member says otherwise. `io` and the keeping must outlive it.
class GroupCommit {
 public:
  struct Listener {
    /// On the loop, when a group has ended: why it is not durable, or that it is.
    std::function<void(const std::optional<std::string>& why_not)> ended;
    /// On the loop, when a group that was put off should be begun.
    std::function<void()> begin;
  };

  GroupCommit(boost::asio::io_context& io, Keeping& keeping, Listener listener);
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  bool under_way() const noexcept { return under_way_; }

  /// True while the next group should not be begun yet. What a group lets go comes back with the first changes of the
  /// next one, and those would have a sync to themselves while all others wait for it. So the next one waits for as
  /// many changes as that one had, beside those that came meanwhile, at most three times as long as that one took and
  /// 5 ms; then `begin` is told.
  bool gathers();

  /// Begins a group with all that changed since the last one. False if nothing did. Not while one is under way.
  bool begin();

  /// Once `io` runs no more: waits for the group under way, and writes what has changed since. What cannot be kept then
  /// was promised to nobody. From any thread.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void settle();

  boost::asio::io_context& io_;
  Keeping& keeping_;
  Listener listener_;
  bool under_way_ = false;
  // Of the group under way; the disk's thread's until it has ended.
  std::optional<std::string> failure_;
  Clock::duration took_{};

  std::uint64_t changes_ = 0;  ///< of the keeping, when the last group was collected
  std::uint64_t size_ = 0;     ///< changes in that group
  std::uint64_t enough_ = 0;   ///< of the keeping, to begin at once
  Clock::time_point gather_until_;
  boost::asio::steady_timer gathering_;
  bool waiting_ = false;

  boost::asio::thread_pool disk_{1};
};

}  // namespace mock::engine
