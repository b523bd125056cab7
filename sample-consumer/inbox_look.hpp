// What is measured of the inbox and its disk, for those who must not wait for a disk that hangs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <stop_token>
#include <thread>
#include <vector>

namespace consumer {

struct InboxFigures {
  std::optional<prospero::webhooks::InboxCounts> counts;  ///< nothing when it cannot be read now
  std::vector<prospero::webhooks::Gap> gaps;              ///< that are still on record
  std::optional<std::uint64_t> disk_free_bytes;           ///< nothing for an inbox in memory
};

/// Measures on a thread of its own. Thread-safe.
class InboxLook {
 public:
  /// When `measure` throws, nothing is known.
  InboxLook(std::function<InboxFigures()> measure, std::chrono::milliseconds wait_max);

  /// As they are now; nothing when that is not known in time. The destructor waits for a measurement under way.
  std::optional<InboxFigures> now();

 private:
  void run(const std::stop_token& stop);

  const std::function<InboxFigures()> measure_;
  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t asked_ = 0, answered_ = 0;  // how often; the last answer is to all that asked before it was begun
  InboxFigures last_;
  std::jthread thread_;
};

}  // namespace consumer
