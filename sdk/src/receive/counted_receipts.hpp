// What a receiver counts. Callbacks of the inbox may come after the receiver is gone, so they share it.
#pragma once

#include <algorithm>
#include <mutex>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <string>

#include "inbox_clock.hpp"

namespace prospero::webhooks {

/// Thread-safe.
class CountedReceipts {
 public:
  void durable(bool absorbed, const std::string& source, InboxTime received_at) {
    const std::lock_guard hold{mutex_};
    ++(absorbed ? counters_.absorbed : counters_.stored);
    counters_.last_push_at[source] = received_at;
  }
  void kept_aside(bool absorbed) {
    const std::lock_guard hold{mutex_};
    ++(absorbed ? counters_.absorbed : counters_.stored);
    ++counters_.kept_aside;
  }
  void unstored() { add(&ReceiverCounters::unstored); }
  void too_large() { add(&ReceiverCounters::too_large); }
  void from_future() { add(&ReceiverCounters::from_future); }
  void without_time() { add(&ReceiverCounters::without_time); }

  /// A push of a time that is still to come is of a clock that was ahead and is set back: it is taken for one of now.
  ReceiverCounters now() {
    const std::lock_guard hold{mutex_};
    const InboxTime present = wall_clock();
    for (auto& [source, at] : counters_.last_push_at) at = std::min(at, present);
    return counters_;
  }

 private:
  void add(std::uint64_t ReceiverCounters::*counter) {
    const std::lock_guard hold{mutex_};
    ++(counters_.*counter);
  }

  std::mutex mutex_;
  ReceiverCounters counters_;
};

}  // namespace prospero::webhooks
