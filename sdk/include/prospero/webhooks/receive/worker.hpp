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
///  - Copies. Bytes that came again while the first still waited were absorbed by the inbox (Delivery::copies). Bytes
///    equal to those that the entity's previous arrival was processed with become `copy` and are not handed over. All
///    other repeated bytes, those of unknown webhook events among them, are handed over with Delivery::seen_before.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// How the worker goes about it.
struct WorkerOptions {
  unsigned threads = 4;     ///< handlers that may run at once; at least 1
  unsigned tries_max = 10;  ///< calls of a handler for one arrival before it is dead; at least 1

  /// The delay after the n-th failed try is drawn evenly from the upper half of min(backoff_min * 2^(n-1),
  /// backoff_max).
  std::chrono::milliseconds backoff_min{1'000};
  std::chrono::milliseconds backoff_max{600'000};  ///< see there

  /// Called after each hand-over was written down, with the row as it then is: `processed`, `copy`, `dead`,
  /// `quarantined`, or `pending` when it will be tried again. On the worker's threads, several at once, so that two
  /// calls about one entity may come in either order; must not throw.
  std::function<void(const InboxRow& row)> on_handled{};

  /// Called with one line when the inbox cannot be read or written; the worker goes on trying. As above.
  std::function<void(const std::string& what)> on_trouble{};
};

/// Runs from construction to stop(). Inbox and dispatcher must outlive it; the dispatcher takes no registration once
/// the worker runs.
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

  /// Starts no further handler, asks the running ones to end early (Delivery's stop token), waits for them, writes down
  /// how they ended, and returns. Thread-safe; may be called again; not to be called from a handler.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
