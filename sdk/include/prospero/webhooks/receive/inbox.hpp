/// @file
/// The inbox: where a push is safe before it is answered with 200, and from where it is handed to its handler
/// afterwards.
///
/// Crash model. When store() reports success, the arrival outlives: a throw or exit of the process and kill -9; a crash
/// of the operating system; a power cut, as far as the disk keeps what it said it had written. For `sqlite:` this rests
/// on `journal_mode=WAL` with `synchronous=FULL` (each commit ends with an fsync of the log, and an fsync of the folder
/// when the file is new) and on a local file system: locks and shared memory of network file systems are not reliable
/// enough. `memory:` outlives nothing and is for tests and trials.
///
/// What was being handled during a crash is handed over again: at least once, never less (contract R3: no retry of
/// Prospero's follows a 200).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <prospero/webhooks/payload/delivery.hpp>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Milliseconds are what is kept.
using InboxTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// The inbox cannot be opened or read. The message names the file and what to do.
class InboxError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One push as it came in.
struct Arrival {
  Identity identity;                     ///< SHA-256 of `body`
  std::string source;                    ///< Hook::label
  std::optional<std::string> event;      ///< name of the webhook event; nothing when the body is not a push
  std::optional<std::string> family;     ///< "event", "invoice", "offer"; nothing for an unknown webhook event
  std::optional<std::string> entity_id;  ///< UUID, lower case; nothing for an unknown webhook event
  InboxTime received_at;                 ///< wall clock, when the body was complete
  std::string quarantine_reason;         ///< not empty: kept aside, never handed over
  std::string body;                      ///< the raw bytes
};

/// Where an arrival stands.
enum class InboxState {
  pending,      ///< waits for its handler, or for its next try
  processed,    ///< its handler has completed
  dead,         ///< its handler failed as often as is allowed
  quarantined,  ///< can never be handed over: not a push, too large to parse, encoded
  copy,         ///< the bytes that its entity was last handled with; not handed over again
};

/// @param state any of them
/// @return "pending", "processed", ...: the names that `/inbox` shows; the view lives forever
std::string_view to_text(InboxState state) noexcept;

/// An arrival as it stands in the inbox, without its body.
struct InboxRow {
  std::uint64_t seq = 0;                   ///< counts arrivals from 1, never used twice
  Identity identity;                       ///< this and the next five as in Arrival
  std::string source;                      ///< Hook::label
  std::optional<std::string> event;        ///< name of the webhook event
  std::optional<std::string> family;       ///< "event", "invoice", "offer"
  std::optional<std::string> entity_id;    ///< UUID, lower case
  InboxTime received_at;                   ///< wall clock
  InboxState state = InboxState::pending;  ///< where it stands
  std::optional<std::string> freshness;    ///< section H's word for it, once it was handed over
  std::uint32_t tries = 0;                 ///< how often the handler was called and this was written down
  std::uint32_t copies = 0;                ///< arrivals that this row absorbed
  std::string error;                       ///< why it failed the last time, or why it is kept aside
};

/// What became of an arrival that was to be stored, or of a commit.
enum class StoreStatus {
  stored,    ///< durable, as a row of its own
  absorbed,  ///< durable, as one more copy of a row that waits
  full,      ///< too much is waiting for the disk; nothing was kept
  failed,    ///< the commit failed; nothing was kept
  closed,    ///< the inbox is closing; nothing was kept
};

/// The same, with the row or the reason.
struct StoreResult {
  StoreStatus status = StoreStatus::failed;  ///< what became of it
  std::uint64_t seq = 0;                     ///< the row, when durable
  std::string error;                         ///< why not, in words for an operator

  /// @return whether it survives what the crash model at the top says
  bool durable() const noexcept { return status == StoreStatus::stored || status == StoreStatus::absorbed; }
};

/// What the worker gets to hand over.
struct PendingArrival {
  InboxRow row;                 ///< as it stands
  std::string body;             ///< the raw bytes
  bool seen_before = false;     ///< the same bytes came before, in a row of their own
  bool repeats_latest = false;  ///< the entity's arrival before this one had the same bytes and was handled
};

/// How a hand-over ended; what finish() writes down.
struct HandOver {
  InboxState state = InboxState::processed;  ///< `pending`: to be tried again at `retry_at`
  bool called = true;                        ///< counts as a try
  std::optional<std::string> freshness;      ///< section H's word for it; nothing for an unknown webhook event
  std::string error;                         ///< why it failed; empty if it did not
  InboxTime retry_at;                        ///< looked at for `pending` only
};

/// A part of the list of rows.
struct InboxPage {
  std::vector<InboxRow> rows;         ///< newest first
  std::optional<std::uint64_t> next;  ///< cursor of the page that follows; nothing on the last one
};

/// What became of one identity, over all its arrivals that are settled.
struct WitnessLine {
  Identity identity;                          ///< of the bytes
  std::optional<std::string> event;           ///< name of the webhook event
  std::optional<std::string> entity_id;       ///< UUID, lower case
  InboxState result = InboxState::processed;  ///< processed, else dead, else quarantined
  std::optional<std::string> freshness;       ///< of the latest hand-over
  std::uint64_t times = 0;                    ///< how often a handler has completed for it
};

/// How much is in an inbox.
struct InboxCounts {
  std::uint64_t pending = 0;                   ///< rows of InboxState::pending
  std::uint64_t processed = 0;                 ///< rows of InboxState::processed
  std::uint64_t dead = 0;                      ///< rows of InboxState::dead
  std::uint64_t quarantined = 0;               ///< rows of InboxState::quarantined
  std::uint64_t copy = 0;                      ///< rows of InboxState::copy
  std::uint64_t waiting_for_disk = 0;          ///< accepted by store(), not yet committed
  std::uint64_t commits = 0;                   ///< transactions since this inbox was opened
  std::optional<InboxTime> oldest_pending_at;  ///< when the oldest that waits came in
};

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
  /// time shares one transaction. An arrival is absorbed when a row with the same bytes and source waits, its handler
  /// is not running, and nothing newer of the same entity came in; the bytes of a quarantined row are absorbed
  /// likewise.
  /// @param arrival what came
  /// @param done told what became of it
  virtual void store(Arrival arrival, Stored done) = 0;

  /// The oldest arrival that may be handed over at `now`, or nothing. It stays with the caller until finish() or
  /// release(). Arrivals of one entity come one at a time in the order of `seq`: while one is out, or waits for its
  /// next try, the later ones wait. After a crash everything pending comes again. Throws InboxError.
  /// @param now wall clock; nothing whose next try is later is given
  /// @return nothing when none may be handed over now: no error
  virtual std::optional<PendingArrival> take(InboxTime now) = 0;

  /// Throws InboxError.
  /// @return when the next failed arrival may be tried again; nothing when none waits for that
  virtual std::optional<InboxTime> next_retry_at() = 0;

  /// Writes down how the hand-over of a taken arrival ended, and waits for the commit. When it fails the arrival stays
  /// with the caller, who calls again.
  /// @param seq of the arrival that was taken
  /// @param result how it ended
  /// @return whether that is durable now
  virtual StoreResult finish(std::uint64_t seq, const HandOver& result) = 0;

  /// Gives a taken arrival back unhandled.
  /// @param seq of that arrival
  virtual void release(std::uint64_t seq) = 0;

  /// `wake` is called, on any thread, whenever take() may have become able to give more. It must be quick and must not
  /// throw or call the inbox. Replaces the one before; after the return the one before is not running and is never
  /// called again.
  /// @param wake may be empty: then nobody is told
  virtual void on_ready(std::function<void()> wake) = 0;

  /// Throws InboxError.
  /// @param cursor only rows with a `seq` below it; nothing: all
  /// @param limit at most so many
  /// @return the rows, newest first
  virtual InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) = 0;

  /// Tells what became of each identity that has a settled arrival, in the order of the latest settled arrival. Throws
  /// InboxError.
  /// @param line called for each
  virtual void witness(const std::function<void(const WitnessLine&)>& line) = 0;

  /// Throws InboxError.
  /// @return how much is in it now
  virtual InboxCounts counts() = 0;

  /// Commits a mark of its own and so tells whether a push could be stored now.
  /// @param wait_max how long that may take
  /// @return what a push would have met; `failed` as well when it took longer
  virtual StoreResult probe(std::chrono::milliseconds wait_max) = 0;
};

/// What an inbox may take.
struct InboxOptions {
  std::size_t queue_count_max = 10'000;      ///< arrivals that wait for the disk; more are refused as `full`
  std::size_t queue_bytes_max = 128u << 20;  ///< their bodies together; more are refused as `full`
};

/// `sqlite:FILE` (made with mode 0600 if it is missing; FILE.lock beside it is held as long as the inbox is open, since
/// one consumer at a time uses a file) or `memory:`. Throws InboxError for an unknown scheme (naming those supported),
/// a file that cannot be written or made, is no database, belongs to something else or to a newer version, or is in
/// use.
/// @param url which one
/// @param options what it may take
/// @return never null
std::unique_ptr<Inbox> open_inbox(std::string_view url, InboxOptions options = {});

}  // namespace prospero::webhooks

#pragma GCC visibility pop
