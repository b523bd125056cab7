// The inbox: where a push is safe before it is answered with 200, and from where it is handed to its handler
// afterwards.
//
// Crash model. When store() reports success, the arrival outlives: a throw or exit of the process and kill -9; a crash
// of the operating system; a power cut, as far as the disk keeps what it said it had written. For `sqlite:` this rests
// on `journal_mode=WAL` with `synchronous=FULL` (each commit ends with an fsync of the log, and an fsync of the folder
// when the file is new) and on a local file system: locks and shared memory of network file systems are not reliable
// enough. `memory:` outlives nothing and is for tests and trials.
//
// What was being handled during a crash is handed over again: at least once, never less (contract R3: no retry of
// Prospero's follows a 200).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <prospero/webhooks/receive/inbox_types.hpp>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Thread-safe: any number of threads may call any member at once. One Worker per inbox.
class Inbox {
 public:
  /// Runs on the inbox's thread after the commit, or at once within store() for `full` and `closed`. It must be quick
  /// and must not throw; it may call store().
  using Stored = std::function<void(const StoreResult&)>;

  Inbox() = default;
  /// Commits what store() has accepted, then closes.
  virtual ~Inbox() = default;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// Accepts the arrival and returns without waiting for the disk; `done` is called exactly once. All that waits at a
  /// time shares one transaction. An arrival is absorbed when it has the same bytes and source as the latest arrival of
  /// its entity, and that one waits and was not started; every other arrival is a row of its own.
  virtual void store(Arrival arrival, Stored done) = 0;

  /// The oldest arrival that may be handed over at `now`, or nothing. It stays with the caller until finish() or
  /// release(). Arrivals of one entity come one at a time in the order of `seq`: while one is out, or waits for its
  /// next try, the later ones wait, so the head that comes with it stands until then. After a crash everything pending
  /// comes again. Throws InboxError.
  virtual std::optional<PendingArrival> take(InboxTime now) = 0;

  /// When the next failed arrival may be tried again; nothing when none waits for that. Throws InboxError.
  virtual std::optional<InboxTime> next_retry_at() = 0;

  /// Writes down how the hand-over of a taken arrival ended, and waits for the commit. When it fails the arrival stays
  /// with the caller, who calls again.
  virtual StoreResult finish(std::uint64_t seq, const HandOver& result) = 0;

  /// Gives a taken arrival back unhandled.
  virtual void release(std::uint64_t seq) = 0;

  /// `wake` is called, on any thread, whenever take() may have become able to give more. It must be quick and must not
  /// throw or call the inbox. Replaces the one before; after the return the one before is not running and is never
  /// called again.
  virtual void on_ready(std::function<void()> wake) = 0;

  /// The rows with `seq` below `cursor` (nothing: all), newest first, at most `limit`. Throws InboxError.
  virtual InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) = 0;

  /// Calls `line` for each identity that has a settled arrival, in the order of the latest settled arrival. Throws
  /// InboxError.
  virtual void witness(const std::function<void(const WitnessLine&)>& line) = 0;

  /// Throws InboxError.
  virtual InboxCounts counts() = 0;

  /// Commits a mark of its own and so tells whether a push could be stored now; `failed` as well when that takes longer
  /// than `wait_max`.
  virtual StoreResult probe(std::chrono::milliseconds wait_max) = 0;
};

struct InboxOptions {
  std::size_t queue_count_max = 10'000;      ///< arrivals that wait for the disk; more are refused as `full`
  std::size_t queue_bytes_max = 128u << 20;  ///< their bodies together; more are refused as `full`
};

/// `sqlite:FILE` (made with mode 0600 if it is missing; FILE.lock beside it is held as long as the inbox is open, since
/// one consumer at a time uses a file) or `memory:`. Throws InboxError for an unknown scheme (naming those supported),
/// a file that cannot be written or made, is no database, belongs to something else or to a newer version, or is in
/// use.
std::unique_ptr<Inbox> open_inbox(std::string_view url, InboxOptions options = {});

}  // namespace prospero::webhooks

#pragma GCC visibility pop
