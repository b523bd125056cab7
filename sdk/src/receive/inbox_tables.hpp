// The statements of arrivals and hand-overs, each as one function. No threads, no clock, no transaction: the caller has
// them.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <stdexcept>
#include <string>

#include "handed_out.hpp"
#include "inbox_bodies.hpp"
#include "inbox_heads.hpp"
#include "inbox_memory.hpp"
#include "inbox_rows.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// A row that is damaged, or whose payload is.
class DamagedRow : public std::runtime_error {
 public:
  explicit DamagedRow(std::uint64_t which) : std::runtime_error("damaged row"), seq(which) {}
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

  /// Throws DamagedRow and UnreadRow as well.
  std::optional<PendingArrival> take(InboxTime now, const HandedOut& out);
  std::optional<InboxTime> next_retry_at(const HandedOut& out);

 private:
  StoreResult insert(std::int64_t seq, const Arrival& arrival, const std::optional<std::string>& entity,
                     std::int64_t body, InboxState state, std::int64_t waits);
  std::optional<std::uint64_t> absorbing_row(const Arrival& arrival, const std::optional<EntityKey>& entity,
                                             std::int64_t body, const HandedOut& out);
  std::optional<std::string> entity_of_row(std::uint64_t seq);
  std::string body_of(std::uint64_t seq, std::int64_t body);
  static std::optional<std::uint64_t> step_to_unclaimed(SqliteStatement& rows, const HandedOut& out);
  std::optional<PendingArrival> first_untried(const HandedOut& out);
  std::optional<PendingArrival> first_retry(InboxTime now, const HandedOut& out);
  PendingArrival taken_from(const SqliteStatement& rows, const HandedOut& out);
  void unblock_next(const std::string& entity);
  void read_rest(PendingArrival& taken, std::int64_t body);
  void look_back(PendingArrival& taken, std::int64_t body);

  SqliteConnection& connection_;
  PendingEntities& pending_;
  RowNumbers& rows_;
  FreshRows& fresh_rows_;
  InboxHeads heads_;
  InboxBodies bodies_;
  SqliteStatement insert_arrival_, newest_same_, absorb_;
  SqliteStatement settle_, settled_entity_, unblock_, set_mark_;
  SqliteStatement due_, last_due_, fresh_, untried_, bytes_, retries_, seen_before_, handled_before_;
  bool retry_had_turn_ = false;  // take() gave one the last time, or failed to
};

}  // namespace prospero::webhooks
