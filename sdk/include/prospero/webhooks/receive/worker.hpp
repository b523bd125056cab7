/// @file
/// The worker: hands what is in the inbox to the dispatcher, after the answer to Prospero and at its own pace.
///
/// What is promised:
///  - At least once. An arrival is settled after its handler has returned; a crash in between hands it over again. What
///  is
///    pending when the inbox is opened is handed over.
///  - In order per entity (family and `id`), in the order of arrival, one at a time; different entities, and webhook
///  events
///    without a known entity, run in parallel on `threads` threads. While an arrival waits for its next try, the later
///    ones of its entity wait with it. The order of arrival is not the order of the changes (D8).
///  - A handler that throws harms nobody: its arrival is tried again with growing delays, and after `tries_max` tries
///  it
///    is `dead`: kept with the text of its last error, and the later ones of its entity proceed.
///  - A handler that outlives `handler_time_max` is asked to stop (Delivery::stop_token), and its entity is parked: the
///    later pushes of that entity wait, and there is never a second try at the same time. Another thread takes its
///    place, up to `parked_max`; beyond that ready() is false. Whenever it returns, what it did counts.
///  - Freshness (H1-H9). The verdict is computed when a push is handed over, against what its entity was last handled
///    with; a retry computes it anew. Which verdicts reach a handler: dispatcher.hpp. A row that `follow` is spared is
///    `processed` without a try, a copy is `copy`.
///  - Exactly once, for a handler that writes the done-mark (done_mark.hpp) in its own transaction.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <prospero/webhooks/receive/done_mark.hpp>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// How the worker goes about it.
struct WorkerOptions {
  unsigned threads = 4;  ///< handlers that may run at once; at least 1
  /// Calls of a handler for one arrival before it is dead; at least 1. With these delays 200 last about a day (16 to 33
  /// hours), which an outage of what handlers depend on seldom does; the later pushes of its entity wait as long.
  unsigned tries_max = 200;

  /// The delay after the n-th failed try is drawn evenly from the upper half of min(backoff_min * 2^(n-1),
  /// backoff_max).
  std::chrono::milliseconds backoff_min{1'000};
  std::chrono::milliseconds backoff_max{600'000};  ///< see there

  /// The application's done-mark of a row (done_mark.hpp), asked before a row is handed over that may have been started
  /// already. Nothing: at least once. What it throws counts as a failed try.
  std::function<std::optional<DoneMark>(const Identity& identity, std::uint64_t seq)> find_done_mark{};

  std::chrono::milliseconds handler_time_max{300'000};  ///< then a handler is asked to stop; 0: never
  unsigned parked_max = 16;                             ///< handlers out of time that another thread stands in for

  /// Told about each gap (gaps.hpp) until it returns, over restarts too; when it throws it is called again later. On a
  /// thread of its own. Worker::stop() waits for it as for a handler, so one that takes long has to throw when the
  /// application stops; its gap is told again after the start. Nothing: gaps stay untold, `Inbox::gaps` has them.
  std::function<void(const Gap& gap)> on_gap{};

  /// Called after each hand-over was written down, with the row as it then is: `processed`, `copy`, `dead`,
  /// `quarantined`, or `pending` when it will be tried again. On the worker's threads, several at once, so that two
  /// calls about one entity may come in either order; must not throw.
  std::function<void(const InboxRow& row)> on_handled{};

  /// Called with one line when the inbox cannot be read or written; the worker goes on trying, and tells once of what
  /// keeps it from reading until that was gone for a minute. As above.
  std::function<void(const std::string& what)> on_trouble{};
};

/// Runs from construction to stop(); once that has returned (true), the inbox may have another. Inbox and dispatcher
/// must outlive it; the dispatcher takes no registration once the worker runs.
class Worker {
 public:
  /// Throws std::invalid_argument for options out of range.
  /// @param inbox where arrivals are taken from; one worker per inbox
  /// @param dispatcher whom they are handed to
  /// @param options how
  Worker(Inbox& inbox, const Dispatcher& dispatcher, WorkerOptions options = {});
  /// Calls stop().
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Starts no further handler, asks the running ones to end early (Delivery's stop token), waits for them and for
  /// on_gap, writes down how they ended, and returns. Thread-safe; may be called again; not to be called from a handler
  /// or on_gap.
  void stop();

  /// The same, but gives up on handlers, and an on_gap, that still run after `wait_max`. They go on using inbox,
  /// dispatcher and worker, whose destructor waits for them, so all that is left to do is to end the process; push and
  /// gap come again after the start.
  /// @param wait_max for all of them; 0 or less: not at all
  /// @return false when one still runs
  bool stop(std::chrono::milliseconds wait_max);

  /// Thread-safe.
  /// @return whether handlers out of time have left enough threads; false: see to them, or restart
  bool ready() const;

  /// Thread-safe.
  /// @return how many handlers are out of time and have not returned
  std::size_t parked() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
