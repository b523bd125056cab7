// What changes rows beside arrivals and hand-overs: the retention, and what an operator asks for.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>
#include <vector>

#include "inbox_bodies.hpp"
#include "inbox_heads.hpp"
#include "inbox_tables.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// All throw SqliteError and expect a transaction; a refusal (InboxError) comes before anything was changed.
class InboxUpkeep {
 public:
  explicit InboxUpkeep(SqliteConnection& connection);

  /// Removes some of the settled rows that came before; 0: there are no more.
  std::uint64_t purge_step(InboxTime before);

  /// Some rows of a kind above `after` and up to `last`, in the order of seq.
  std::vector<std::uint64_t> rows_of(RowSelection::Kind kind, std::uint64_t after, std::uint64_t last);
  std::uint64_t last_seq();

  void retry(std::uint64_t seq);
  /// False: a quarantined row that still is no push; it stays.
  bool replay(std::uint64_t seq);
  std::uint64_t erase(const std::string& entity, const HandedOut& out);

 private:
  struct Found {
    InboxRow row;
    StoredBody body;
  };
  Found find_with_body(std::uint64_t seq);
  bool entity_waits(const std::optional<std::string>& entity);
  void remove(std::uint64_t seq, const Identity& identity, InboxState state);

  SqliteConnection& connection_;
  InboxBodies bodies_;
  InboxHeads heads_;
  SqliteStatement oldest_, delete_, dead_, quarantined_, unknown_, last_seq_, find_, pending_of_entity_, revive_,
      insert_, rows_of_entity_, blank_;
};

}  // namespace prospero::webhooks
