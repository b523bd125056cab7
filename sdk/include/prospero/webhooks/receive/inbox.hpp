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
/// A disk that fails to sync the log fails the commit: that push is not acknowledged. One that fails to sync the file,
/// after a part of the log was copied there, stops the inbox: on_alarm says so, store() and probe() fail, until the
/// inbox is opened anew, which copies all of the log again. So close it and open it, or restart, once the disk is well.
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
#include <string>
#include <string_view>
#include <vector>

#include <prospero/webhooks/receive/inbox_types.hpp>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Looking at an inbox. Thread-safe. Every member throws InboxError.
class InboxView {
 public:
  InboxView() = default;
  virtual ~InboxView() = default;
  InboxView(const InboxView&) = delete;
  InboxView& operator=(const InboxView&) = delete;

  /// @param cursor only rows with a `seq` below it; nothing: all
  /// @param limit at most so many
  /// @return the rows, newest first
  virtual InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) = 0;

  /// @param seq number of a row
  /// @return nothing when it is not there (any more)
  virtual std::optional<InboxRow> find(std::uint64_t seq) = 0;

  /// @param identity of the bytes
  /// @return nothing when no body of that identity is kept (any more)
  virtual std::optional<StoredBody> body(const Identity& identity) = 0;

  /// Tells what became of each identity that has a settled arrival, in the order of the latest settled arrival.
  /// @param line called for each; must not ask the inbox or view for anything, which is held meanwhile
  virtual void witness(const std::function<void(const WitnessLine&)>& line) = 0;

  /// Does not wait for a commit under way.
  /// @return how much is in it now
  virtual InboxCounts counts() = 0;

  /// @param now wall clock
  /// @return what may have been missed, in the order in which it was found; last, with id 0, what is not written down
  ///     yet: 503s in a row among it, also those of a consumer that has the file open, or that a full disk kept from
  ///     being written
  virtual std::vector<Gap> gaps(InboxTime now) = 0;
};

/// The interface that receiver and worker know; open_inbox() gives the one on SQLite. Thread-safe: any number of
/// threads may call any member at once. One Worker per inbox. Closing commits what store() has accepted.
class Inbox : public InboxView {
 public:
  /// Runs on the inbox's thread after the commit, or at once within store() for `full` and `closed`. It must be quick
  /// and must not throw; it may call store().
  using Stored = std::function<void(const StoreResult&)>;

  /// Accepts the arrival and returns without waiting for the disk; `done` is called exactly once. All that waits at a
  /// time shares one transaction. An arrival is absorbed when it has the same bytes and source as the latest arrival of
  /// its entity, and that one waits and was not started; every other arrival is a row of its own.
  /// @param arrival what came
  /// @param done told what became of it
  virtual void store(Arrival arrival, Stored done) = 0;

  /// An arrival that may be handed over at `now`, or nothing. By turns, where there are both, it is a retry that is due
  /// (the one that is due longest) and an arrival that was not tried yet (the oldest), so that entities whose handlers
  /// fail take every second turn at most. One that is damaged in the file, or whose payload is, is set aside as dead,
  /// and InboxOptions::on_alarm is told. One that cannot be read just now (the disk, no memory) stays pending and is
  /// passed over for 5 s, at most for a day, after which it is dead too; where that leaves nothing to hand over,
  /// InboxError tells of it. What is taken stays with the caller until finish() or release(). Arrivals of one entity
  /// come one at a time in the order of `seq`: while one is out, or waits for its next try, the later ones wait, so the
  /// head that comes with it stands until then. After a crash everything pending comes again. Throws InboxError.
  /// @param now wall clock; nothing whose next try is later is given, unless it failed more than a minute later: then
  /// the clock was set back
  /// @return nothing when none may be handed over now: no error
  virtual std::optional<PendingArrival> take(InboxTime now) = 0;

  /// Throws InboxError.
  /// @return when the next one that failed or could not be read may be tried again; nothing when none waits for that
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

  /// Stores a push of its own, undoes that and commits a mark, and so tells whether a push could be stored now.
  /// @param wait_max how long that may take
  /// @return what a push would have met; `failed` as well when it took longer
  virtual StoreResult probe(std::chrono::milliseconds wait_max) = 0;

  /// A push was answered 503, or 413 because it is too large: part of what gaps are computed from. Quick; does not wait
  /// for the disk.
  /// @param source Hook::label of where it came; there may not be more of them than hooks
  /// @param at wall clock, of the answer
  virtual void unstored(std::string_view source, InboxTime at) = 0;

  /// Throws InboxError.
  /// @return the oldest gap that the application was not told about; nothing: it knows them all
  virtual std::optional<Gap> next_gap() = 0;
  /// Writes down that it was told, and waits for the commit.
  /// @param id Gap::id
  /// @return whether that is durable now
  virtual StoreResult gap_told(std::uint64_t id) = 0;

  // What an operator asks for. Each waits for its commits and throws InboxError. Of rows that are named all are changed
  // or, when one of them is not there or not in the right state, none.

  /// Dead rows wait again, with a fresh set of tries; the verdict is computed anew. Of all dead ones those stay whose
  /// payload has been erased or cannot be read.
  /// @param rows which
  /// @return how many, and how many of those that were meant could not be read
  virtual Changed retry(const RowSelection& rows) = 0;

  /// Settled rows are handed over as if they had come now: as new rows at the end. A quarantined row is read again
  /// first (a newer version may understand it) and is replaced; if it is still no push it stays. An `each` handler gets
  /// it although it has completed for the same bytes. The operator's doubt goes with the new row, whatever is handled
  /// before it: the entity's head is unsure for it, so that even the bytes that it was last handled with are
  /// `ambiguous`, not a copy, and a head whose time lies in the future, which makes all that comes `stale`, has lost
  /// that time. Of all unknown webhook events each identity is replayed once.
  /// @param rows which
  /// @return how many, and how many of those that were meant could not be read
  virtual Changed replay(const RowSelection& rows) = 0;

  /// Removes settled rows in small steps. Those whose payload cannot be read stay. One whose time is still to come (the
  /// clock was set back) is as old as the next row behind it whose time is not.
  /// @param before only those that were settled before it
  /// @param state only those of this state; nothing: all but the dead ones, which are kept until somebody names them
  /// @return how many, and how many of those that were meant could not be read
  virtual Changed purge(InboxTime before, std::optional<InboxState> state) = 0;

  /// Removes the stored payloads of one entity, and the errors that handlers reported about it, also from the file's
  /// unused parts; rows that wait become dead. So are removed the payloads of rows that belong to no entity (kept
  /// aside, or of an unknown webhook event) and hold its id as text. Its head, which holds no payload, stays. Refused
  /// while one of its pushes is being handled. Throws InboxError as well when the rows are changed but the file's log
  /// still holds the bytes, because another program reads it (then call it again), or when some of its payloads cannot
  /// be removed, as the file is damaged there.
  /// @param family "event", "invoice" or "offer"
  /// @param entity_id UUID, any case
  /// @return how many bodies were removed, and how many could not be searched
  virtual Erased erase(std::string_view family, std::string_view entity_id) = 0;

  /// For a stop that cannot wait: a change under way ends after its present step, which stays, and throws InboxError;
  /// later ones change nothing and throw it too. Returns at once.
  virtual void stop_changes() = 0;
};

/// What an inbox may take, and for how long it keeps it.
struct InboxOptions {
  std::size_t queue_count_max = 10'000;      ///< arrivals that wait for the disk; more are refused as `full`
  std::size_t queue_bytes_max = 128u << 20;  ///< their bodies together; more are refused as `full`

  /// How long rows and their bodies are kept once they are settled; at least 7 h 2 min, since a copy may come with the
  /// last retry (R1). Dead rows stay until they are retried or purged by name; heads and the history of up times stay.
  std::chrono::milliseconds retention{std::chrono::hours{7 * 24}};
  /// Of the file, without what is kept aside; then pushes are `full`, and only what is no push is still
  /// stored. At least 1 MiB; 0: no cap.
  std::uint64_t size_bytes_max = 0;
  /// Bodies kept aside, together; beyond it only identity, size and the first 4 KiB of one are kept. They have a queue
  /// of their own and never hold up a well-formed push.
  std::uint64_t quarantine_bytes_max = 256u << 20;

  /// How often the time up to which this inbox was open is written down; what is younger counts as down after a crash.
  std::chrono::milliseconds heartbeat{30'000};
  bool serving = true;   ///< the time that it is open counts as up; false for a tool that changes a file at rest
  GapRules gap_rules{};  ///< when something may have been missed

  /// Hook::label of every hook. With it, sources of earlier runs that are no longer there are not missed any more.
  /// Nothing: each source that ever sent a push is.
  std::vector<std::string> sources{};

  /// Told in one line what needs a person: a quota or cap that is 80 % used, damage, a disk that fails. On a thread of
  /// the inbox or one that calls it; must be quick, must not throw, and must not call the inbox.
  std::function<void(const std::string& what)> on_alarm{};
};

/// `sqlite:FILE` (made with mode 0600 if it is missing; FILE.lock beside it is held as long as the inbox is open, since
/// one consumer at a time uses a file) or `memory:`. Throws InboxError for an unknown scheme (naming those supported),
/// a file that cannot be written or made, is no database, is damaged so that no push can be stored, does not fit the
/// log beside it, belongs to something else or to a newer version, or is in use; for one that was here and is gone; for
/// options out of range; when there is no thread left. A relative FILE is looked up once, in the folder that is the
/// present one then. A file that is removed or replaced while it is open takes no more pushes. Nothing else in the
/// process may open and close it: that gives up the locks on it. In a process whose files are limited in size
/// (RLIMIT_FSIZE) SIGXFSZ must be ignored, or it ends the process.
/// @param url which one
/// @param options what it may take
/// @return never null
std::unique_ptr<Inbox> open_inbox(std::string_view url, InboxOptions options = {});

/// The same file for looking only, also while a consumer uses it; `memory:` cannot be looked at. Throws InboxError also
/// for a file of an older version, which the next start of the consumer brings up to date.
/// @param url `sqlite:FILE`
/// @return never null
std::unique_ptr<InboxView> open_inbox_view(std::string_view url);

}  // namespace prospero::webhooks

#pragma GCC visibility pop
