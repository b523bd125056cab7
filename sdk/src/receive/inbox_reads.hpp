// The statements for looking at the inbox from outside; they may run on a connection of their own.
#pragma once

#include <functional>
#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <vector>

#include "inbox_bodies.hpp"
#include "inbox_history.hpp"
#include "inbox_rows.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// All throw SqliteError.
class InboxReads {
 public:
  explicit InboxReads(SqliteConnection& connection);

  InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit);
  std::optional<InboxRow> find(std::uint64_t seq);
  std::optional<StoredBody> body(const Identity& identity);
  void witness(const std::function<void(const WitnessLine&)>& line);
  InboxCounts counts();
  std::vector<Gap> gaps(InboxTime now, const GapRules& rules);
  SilenceStates silence(InboxTime now);

 private:
  std::optional<StoredBody> body_as_it_came(const Identity& identity, std::int64_t number);
  void count_pending(InboxCounts& counts);
  void count_settled(InboxCounts& counts);

  SqliteConnection& connection_;
  SqliteStatement list_, witness_, pending_counts_, settled_counts_, received_at_, find_;
  BodyNumbersView numbers_;
  BodyReads bodies_;
  InboxHistory history_;
};

}  // namespace prospero::webhooks
