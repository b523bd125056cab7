// The statements of arrivals and hand-overs, each as one function. No threads, no clock, no transaction: the caller has
// them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <set>
#include <stdexcept>
#include <string>

#include "inbox_bodies.hpp"
#include "inbox_heads.hpp"
#include "inbox_memory.hpp"
#include "inbox_rows.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// Which rows are, or may have been, with a handler.
struct HandedOut {
  std::set<std::uint64_t> claimed;                  ///< with the worker now
  std::set<std::uint64_t> released;                 ///< given back unsettled
  std::map<std::uint64_t, InboxTime> unread_since;  ///< could not be read
  std::map<std::uint64_t, InboxTime> unread_until;  ///< of these: not before this is it tried again
  std::uint64_t seq_at_open = 0;  ///< rows up to here may have been started by the process before this one

  bool is_claimed(std::uint64_t seq) const { return claimed.contains(seq); }
  bool is_away(std::uint64_t seq) const { return is_claimed(seq) || unread_until.contains(seq); }
  bool maybe_started(std::uint64_t seq) const {
    return seq <= seq_at_open || is_claimed(seq) || released.contains(seq);
  }
};

/// A row whose payload cannot be read: the file is damaged.
class UnreadableBody : public std::runtime_error {
 public:
  explicit UnreadableBody(std::uint64_t which) : std::runtime_error("unreadable body"), seq(which) {}
  std::uint64_t seq;
};

/// A row that could not be read for a cause that may pass: the disk, a lack of memory, a lock; or as something else of
/// its entity or identity is damaged.
class UnreadRow : public SqliteError {
 public:
  UnreadRow(std::uint64_t which, const SqliteError& cause) : SqliteError(cause), seq(which) {}
  std::uint64_t seq;
};

/// The statements that write, and those whose answer must not be older than the last write. All throw SqliteError.
class InboxWrites {
 public:
  InboxWrites(SqliteConnection& connection, InboxMemory& memory);

  /// Absorbs the arrival into a row, or inserts body and row. Looks whether what is stored of the same bytes can be
  /// read, and throws if not, if that is not known yet.
  StoreResult store(const Arrival& arrival, const HandedOut& out, StoredBytes stored = StoredBytes::readable);
  /// Keeps a quarantined arrival: its whole body while all of these take up at most `quota_bytes`, else its beginning.
  /// `full_size` is larger than the body when that was cut before.
  StoreResult store_aside(const Arrival& arrival, std::uint64_t full_size, std::uint64_t quota_bytes,
                          StoredBytes stored = StoredBytes::readable);
  void finish(std::uint64_t seq, const HandOver& result, InboxTime now);
  /// How a row ends that cannot be handed over. Outside of a transaction, as its entity's head may be damaged too.
  HandOver given_up(std::uint64_t seq, const std::string& why);
  void set_mark(std::string_view name, InboxTime now);

  /// Throws UnreadableBody and UnreadRow as well.
  std::optional<PendingArrival> take(InboxTime now, const HandedOut& out);
  std::optional<InboxTime> next_retry_at(const HandedOut& out);

 private:
  StoreResult insert(const Arrival& arrival, const std::optional<std::string>& entity, std::int64_t body,
                     InboxState state, bool waits);
  std::optional<std::uint64_t> absorbing_row(const Arrival& arrival, const std::optional<EntityKey>& entity,
                                             std::int64_t body, const HandedOut& out);
  std::optional<std::string> entity_of_row(std::uint64_t seq);
  std::string body_of(std::uint64_t seq, std::int64_t body);
  std::optional<PendingArrival> first_unclaimed(SqliteStatement& rows, const HandedOut& out);
  std::optional<PendingArrival> first_retry(InboxTime now, const HandedOut& out);
  PendingArrival taken_from(const SqliteStatement& rows, const HandedOut& out);
  void unblock_next(const std::string& entity);
  void read_rest(PendingArrival& taken, std::int64_t body);
  void look_back(PendingArrival& taken, std::int64_t body);

  SqliteConnection& connection_;
  PendingEntities& pending_;
  RowNumbers& rows_;
  InboxHeads heads_;
  InboxBodies bodies_;
  SqliteStatement insert_arrival_, newest_same_, absorb_;
  SqliteStatement settle_, settled_entity_, unblock_, set_mark_;
  SqliteStatement due_, last_due_, fresh_, bytes_, retries_, seen_before_, handled_before_;
  bool retry_had_turn_ = false;  // take() gave one the last time
};

}  // namespace prospero::webhooks
