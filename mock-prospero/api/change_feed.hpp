// Every change of state as server-sent events: kept for a while, so that a reader who lost the connection goes on where
// it was.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "api/exchange.hpp"

namespace mock::api {

struct FeedLimits {
  std::size_t changes_max = 10'000;             ///< kept; older ones are forgotten
  std::size_t bytes_max = 16U << 20;            ///< of those, together
  std::chrono::milliseconds heartbeat{15'000};  ///< a comment after so long a silence
  std::chrono::milliseconds turn{250};          ///< the longest that one next() waits for a change
  std::chrono::milliseconds pace{20};  ///< between two pieces for a reader, unless the first was full: waking is dear
};

/// Thread-safe. Nothing is kept before the first reader, so a server that nobody follows pays nothing. A reader that
/// falls behind costs no memory: it only has its place in what is kept, and is told `reset` when that is forgotten.
class ChangeFeed {
 public:
  explicit ChangeFeed(FeedLimits limits = {});

  /// False before the first reader: then publish() keeps nothing, and its data need not be made.
  bool wanted() const;
  /// `data` is one line of JSON.
  void publish(std::string_view event, std::string_view data);

  /// The stream of one reader. It begins with `retry:`; without `last_event_id` comes `ready`, then what happens from
  /// now on; with the id of an event that is still known, what followed it; with any other, `reset`: the reader has
  /// missed changes and must load what it shows anew. The feed must outlive the stream.
  std::unique_ptr<EventSource> follow(const std::string& last_event_id);

 private:
  class Reader;

  std::string id_text(std::uint64_t number) const;
  std::string reset_text(std::uint64_t number) const;
  std::uint64_t first_kept() const { return next_ - kept_.size(); }

  const FeedLimits limits_;
  const std::string session_;  ///< ids of an earlier run of the server mean nothing to this one
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> kept_;  ///< as sent; numbers next_ - size() .. next_ - 1
  std::size_t bytes_ = 0;
  std::uint64_t next_ = 1;
  bool wanted_ = false;
};

}  // namespace mock::api
