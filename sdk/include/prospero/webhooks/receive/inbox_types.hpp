/// @file
/// What an inbox holds and reports, as plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <prospero/webhooks/receive/freshness.hpp>
#include <prospero/webhooks/receive/gaps.hpp>
#include <prospero/webhooks/receive/metrics.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// The inbox cannot be opened or read. The message names the file and what to do.
class InboxError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Another consumer has it open.
class InboxInUse : public InboxError {
 public:
  using InboxError::InboxError;
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
  std::optional<Freshness> freshness;      ///< verdict of the latest hand-over
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

  /// @return whether it survives what the crash model of inbox.hpp says
  bool durable() const noexcept { return status == StoreStatus::stored || status == StoreStatus::absorbed; }
};

/// What the worker gets to hand over.
struct PendingArrival {
  InboxRow row;                   ///< as it stands
  std::string body;               ///< the raw bytes
  bool seen_before = false;       ///< the same bytes came before, in a row of their own
  bool handled_before = false;    ///< a handler has completed for the same bytes, in another row
  bool maybe_started = false;     ///< a handler may have been called for this row already: a retry, or after a crash
  std::uint32_t tries_spent = 0;  ///< tries of the present set; a dead-letter retry begins a new one
  bool replayed = false;          ///< an operator asked for it to be handed over again
  std::optional<Head> head;       ///< of the entity, read in the transaction that hands the row out; see replay()
};

/// How a hand-over ended; what finish() writes down.
struct HandOver {
  InboxState state = InboxState::processed;  ///< `pending`: to be tried again at `retry_at`
  bool called = true;                        ///< counts as a try
  std::optional<Freshness> freshness;        ///< the verdict; nothing when it is no push
  std::string error;                         ///< why it failed; empty if it did not
  InboxTime retry_at;                        ///< looked at for `pending` only
  std::optional<Head> head;  ///< becomes the entity's, in the same transaction; nothing: it stays as it was
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
  std::optional<Freshness> freshness;         ///< of the latest hand-over
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
  std::uint64_t commits = 0;                   ///< transactions of pushes and results since this inbox was opened
  Histogram group_sizes;                       ///< pushes that shared a transaction, for each that held any
  std::uint64_t bytes_used = 0;                ///< of the file, without what can be used again
  std::uint64_t quarantined_bytes = 0;         ///< bodies kept aside
  std::uint64_t bytes_without_aside = 0;       ///< of bytes_used, what counts for InboxOptions::size_bytes_max
  std::optional<InboxTime> oldest_pending_at;  ///< when the oldest that waits came in

  /// By source, when its last push came that was stored. What is kept aside is no push.
  std::map<std::string, InboxTime> last_push_at;
};

/// A body as it is kept.
struct StoredBody {
  std::string bytes;       ///< the beginning, or the whole
  std::uint64_t size = 0;  ///< of the whole; larger than `bytes` when only its beginning was kept

  /// @return whether nothing was cut off
  bool whole() const noexcept { return bytes.size() == size; }
};

/// What a change of rows came to.
struct Changed {
  std::uint64_t rows = 0;        ///< changed
  std::uint64_t unreadable = 0;  ///< left as they were: what is stored of them is damaged, or the disk did not give it
};

/// What erasing came to.
struct Erased {
  std::uint64_t bodies = 0;      ///< removed
  std::uint64_t unsearched = 0;  ///< kept aside encoded, not in UTF-8, or in part, or damaged: whose are they?
};

/// Which rows an operator means: those named, or all of a kind.
struct RowSelection {
  /// Of rows.
  enum class Kind {
    named,        ///< those in `seqs`
    dead,         ///< all dead ones
    quarantined,  ///< all that are kept aside
    unknown,      ///< all processed ones of webhook events that were unknown then
  };
  Kind kind = Kind::named;          ///< which
  std::vector<std::uint64_t> seqs;  ///< for `named`
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
