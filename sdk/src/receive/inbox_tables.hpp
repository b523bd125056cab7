// Every statement that the inbox runs, each as one function. No threads, no clock, no transaction: the caller has them.
#pragma once

#include <functional>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <set>
#include <string>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// Sequence numbers that are with the worker.
using Claimed = std::set<std::uint64_t>;

/// The statements that write, and those whose answer must not be older than the last write. All throw SqliteError.
class InboxWrites {
 public:
  explicit InboxWrites(SqliteConnection& connection);

  /// Absorbs the arrival into a row, or inserts body and row.
  StoreResult store(const Arrival& arrival, const Claimed& claimed);
  void finish(std::uint64_t seq, const HandOver& result, InboxTime now);
  void set_mark(std::string_view name, InboxTime now);

  std::optional<PendingArrival> take(InboxTime now, const Claimed& claimed);
  std::optional<InboxTime> next_retry_at(const Claimed& claimed);

 private:
  std::optional<std::uint64_t> absorbing_row(const Arrival& arrival, const Claimed& claimed);
  std::optional<PendingArrival> first_unclaimed(SqliteStatement& rows, const Claimed& claimed);
  void look_back(PendingArrival& taken);

  SqliteConnection& connection_;
  SqliteStatement insert_body_, insert_arrival_, entity_pending_, newest_same_, newest_of_entity_, absorb_;
  SqliteStatement settle_, settled_entity_, unblock_, set_mark_;
  SqliteStatement due_, fresh_, retries_, seen_before_, before_of_entity_;
};

/// The statements for looking at the inbox from outside; they may run on a connection of their own.
class InboxReads {
 public:
  explicit InboxReads(SqliteConnection& connection);

  InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit);
  void witness(const std::function<void(const WitnessLine&)>& line);
  InboxCounts counts();

 private:
  SqliteStatement list_, witness_, counts_;
};

}  // namespace prospero::webhooks
