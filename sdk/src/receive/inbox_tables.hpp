// Every statement that the inbox runs, each as one function. No threads, no clock, no transaction: the caller has them.
#pragma once

#include <functional>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <set>
#include <string>

#include "inbox_heads.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// Which rows are, or may have been, with a handler.
struct HandedOut {
  std::set<std::uint64_t> claimed;   ///< with the worker now
  std::set<std::uint64_t> released;  ///< given back unsettled
  std::uint64_t seq_at_open = 0;     ///< rows up to here may have been started by the process before this one

  bool is_claimed(std::uint64_t seq) const { return claimed.contains(seq); }
  bool maybe_started(std::uint64_t seq) const {
    return seq <= seq_at_open || is_claimed(seq) || released.contains(seq);
  }
};

/// "FAMILY/ID"; nothing for an unknown webhook event.
std::optional<std::string> entity_of(const InboxRow& row);

/// The columns of a row, in the order that row_from() reads them; `a` is the arrival.
extern const std::string row_columns;
constexpr int row_column_count = 11;
InboxRow row_from(const SqliteStatement& from);

/// The statements that write, and those whose answer must not be older than the last write. All throw SqliteError.
class InboxWrites {
 public:
  explicit InboxWrites(SqliteConnection& connection);

  /// Absorbs the arrival into a row, or inserts body and row.
  StoreResult store(const Arrival& arrival, const HandedOut& out);
  void finish(std::uint64_t seq, const HandOver& result, InboxTime now);
  void set_mark(std::string_view name, InboxTime now);

  std::optional<PendingArrival> take(InboxTime now, const HandedOut& out);
  std::optional<InboxTime> next_retry_at(const HandedOut& out);

 private:
  std::optional<std::uint64_t> absorbing_row(const Arrival& arrival, const HandedOut& out);
  std::optional<PendingArrival> first_unclaimed(SqliteStatement& rows, const HandedOut& out);
  void look_back(PendingArrival& taken);

  SqliteConnection& connection_;
  InboxHeads heads_;
  SqliteStatement insert_body_, insert_arrival_, entity_pending_, newest_same_, newest_of_entity_, absorb_;
  SqliteStatement settle_, settled_entity_, unblock_, set_mark_;
  SqliteStatement due_, fresh_, retries_, seen_before_, handled_before_;
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
