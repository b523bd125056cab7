// What changes rows beside arrivals and hand-overs: the retention, and what an operator asks for.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>
#include <vector>

#include "inbox_bodies.hpp"
#include "inbox_tables.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// All throw SqliteError. Those that write expect a transaction; a refusal (InboxError) comes before anything was
/// changed. SQLite takes no more writes in a transaction that met a damaged page, so rows whose payload is damaged are
/// looked for before, outside of one.
class InboxUpkeep {
 public:
  InboxUpkeep(SqliteConnection& connection, InboxMemory& memory);

  /// A row with its payload.
  struct Holder {
    std::uint64_t seq;
    Identity identity;
    std::int64_t body;  ///< its number
  };

  enum class Payload { any, as_it_came };
  /// Whether the file gives a row's payload, or has none of it. Outside of a transaction.
  bool is_readable(std::uint64_t seq, Payload wanted);

  /// Once through the rows that were settled before, of one state or of all but the dead.
  struct Purge {
    Purge(InboxTime settled_before, InboxTime present, std::optional<InboxState> state);
    bool ended() const noexcept { return at == states.size(); }

    InboxTime before, now;
    std::vector<InboxState> states;
    std::size_t at = 0;       ///< of states
    std::uint64_t after = 0;  ///< this row
    /// This row came before `before`, so those up to it did, though a clock that was ahead gave them other times.
    std::uint64_t old_up_to = 0;
    std::optional<std::uint64_t> before_ahead;  ///< the row before the first of which it is not known how old it is
  };
  /// Rows of one state that may be removed.
  struct Old {
    InboxState state = InboxState::processed;
    std::vector<Holder> rows;
    std::vector<std::uint64_t> unreadable;  ///< that stay
  };
  /// The next ones. Outside of a transaction.
  Old old_rows(Purge& purge);
  /// Removes those that are still of that state; how many.
  std::uint64_t remove(const Old& old);

  /// Some rows of a kind above `after` and up to `last`, in the order of seq.
  std::vector<std::uint64_t> rows_of(RowSelection::Kind kind, std::uint64_t after, std::uint64_t last);
  std::uint64_t last_seq();

  void retry(std::uint64_t seq);
  /// False: a quarantined row that still is no push; it stays.
  bool replay(std::uint64_t seq);

  /// How far the rows were searched for those of an entity, and for those of none that hold its id, and what was found.
  struct Search {
    std::string entity;  ///< FAMILY/ID
    std::string id;      ///< lower case
    std::uint64_t after = 0;
    std::vector<Holder> found;
    std::vector<Holder> unreadable;  ///< of these, whose payload cannot be removed
    std::uint64_t unsearched = 0;
  };
  /// Searches some more; false: it has come to the end. Writes nothing.
  bool search(Search& search);
  /// Erases what was found; how many bodies.
  std::uint64_t erase(const Search& search, const HandedOut& out);

 private:
  struct Found {
    InboxRow row;
    StoredBody body;
    std::int64_t number;
  };
  std::vector<Holder> settled_before(Purge& purge, std::vector<std::uint64_t>& unreadable);
  static void add_holder(std::uint64_t seq, std::string_view identity, std::int64_t body, std::vector<Holder>& to,
                         std::vector<std::uint64_t>& unreadable);
  std::optional<std::uint64_t> add_readable(const std::vector<Holder>& rows, Old& old);
  Found find_with_body(std::uint64_t seq);
  std::uint64_t look_into(const Holder& row, bool encoded, Search& search);
  bool entity_waits(const std::optional<std::string>& entity) const;
  bool remove(const Holder& row, InboxState state);

  SqliteConnection& connection_;
  PendingEntities& pending_;
  RowNumbers& rows_;
  InboxBodies bodies_;
  SqliteStatement oldest_, delete_, dead_, quarantined_, unknown_, last_seq_, find_, revive_, insert_, candidates_,
      blank_;
};

}  // namespace prospero::webhooks
