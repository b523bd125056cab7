// The open connections of a listener, which of them may have to make room and since when, and what was counted.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <prospero/webhooks/receive/listener.hpp>

namespace prospero::webhooks::detail {

class Connection;

/// Thread-safe. Holds no connection alive: each lives as long as its own pending operations.
class Registry {
 public:
  using Id = std::uint64_t;

  /// A new connection, silent so far. 0 when the registry is shut: the connection must be dropped.
  Id add(const std::shared_ptr<Connection>& connection);
  void remove(Id id);

  void set_silent(Id id);   ///< waits for a request, as the youngest of those that do
  void set_reading(Id id);  ///< the first byte of a request has come
  void set_busy(Id id);     ///< its push is being stored or answered: it does not have to make room

  /// The one that has to make room for another, no longer counted; null when none can. One that has been silent for
  /// more than a second, the longest first; else the one that has been silent or reading longest, so that a real push,
  /// which needs some milliseconds, is the last to go.
  std::shared_ptr<Connection> take_for_room();

  void shut();  ///< add() refuses from now on
  bool is_shut() const noexcept { return shut_; }
  bool wait_until_empty(std::chrono::milliseconds limit) const;
  std::vector<std::shared_ptr<Connection>> all() const;
  std::size_t size() const;  ///< without those that were taken to be closed

  void count_tls_failure();
  void count_answer(int status);
  void count_stored_answer(std::chrono::duration<double> took);
  void count_eviction();
  void count_refused();
  ListenerCounters counters() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Since {
    Id id;
    Clock::time_point when;
  };
  using Line = std::list<Since>;  ///< longest first
  struct Entry {
    std::weak_ptr<Connection> connection;
    Line* line;
    Line::iterator place;  ///< in that line: the same one all the time, so that no push takes memory for it
    bool taken = false;    ///< to be closed, unless its push comes first
  };

  void move_to(Id id, Line& line);
  static void put_last(Entry& entry, Line& line);
  void set_taken(Entry& entry, bool taken);
  Line* line_to_take_from();

  mutable std::mutex mutex_;
  mutable std::condition_variable emptied_;
  std::atomic<bool> shut_ = false;
  Id last_id_ = 0;
  std::unordered_map<Id, Entry> open_;
  Line silent_, reading_, busy_;  // busy_: also those that were taken
  std::size_t taken_ = 0;
  ListenerCounters counters_;
};

}  // namespace prospero::webhooks::detail
