// The open connections of a listener, which of them wait for a request and since when, and what was counted.
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

  /// A new connection, waiting for its first request. 0 when the registry is shut: the connection must be dropped.
  Id add(const std::shared_ptr<Connection>& connection);
  void remove(Id id);

  void set_waiting(Id id);  ///< now the youngest of those that wait
  void set_busy(Id id);     ///< the first byte of a request has come

  /// The one that has waited longest, no longer counted as waiting; null when none waits.
  std::shared_ptr<Connection> take_longest_waiting();

  void shut();  ///< add() refuses from now on
  bool is_shut() const noexcept { return shut_; }
  bool wait_until_empty(std::chrono::milliseconds limit) const;
  std::vector<std::shared_ptr<Connection>> all() const;
  std::size_t size() const;  ///< without those that were taken to be closed

  void count_tls_failure();
  void count_answer(int status);
  void count_eviction();
  ListenerCounters counters() const;

 private:
  struct Entry;
  void set_taken(Entry& entry, bool taken);

  struct Entry {
    std::weak_ptr<Connection> connection;
    std::list<Id>::iterator waiting;  ///< waiting_.end() while busy
    bool taken = false;               ///< to be closed, unless a request comes first
  };

  mutable std::mutex mutex_;
  mutable std::condition_variable emptied_;
  std::atomic<bool> shut_ = false;
  Id last_id_ = 0;
  std::unordered_map<Id, Entry> open_;
  std::list<Id> waiting_;  ///< longest first
  std::size_t taken_ = 0;
  ListenerCounters counters_;
};

}  // namespace prospero::webhooks::detail
