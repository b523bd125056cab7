#include "inbox_upkeep.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "identity.hpp"
#include "push_reader.hpp"
#include "text_search.hpp"

namespace prospero::webhooks {
namespace {

// Small enough that a push which waits behind a step does not notice.
constexpr std::int64_t step_rows_max = 200;
constexpr std::uint64_t step_bytes_max = 4u << 20;
// Rows that waited long before they were settled are passed over by each look for those that are old enough.
constexpr int passed_over_max = 20'000;
constexpr int step_searched_max = 2'000;

// An operator who asks for a row gets it, however large.
constexpr ParseLimits no_limits{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()};

[[noreturn]] void refuse(std::uint64_t seq, std::string_view why) {
  throw InboxError("inbox row " + std::to_string(seq) + " " + std::string{why});
}

std::string rows_where(const std::string& condition) {
  return "SELECT seq FROM arrival INDEXED BY arrival_settled WHERE state <> 'pending' AND " + condition +
         " AND seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT " + std::to_string(step_rows_max);
}

}  // namespace

InboxUpkeep::InboxUpkeep(SqliteConnection& connection, InboxMemory& memory)
    : connection_(connection),
      pending_(memory.pending),
      rows_(memory.rows),
      bodies_(connection, memory.numbers),
      oldest_(connection,
              "SELECT seq, received_at, identity, coalesce(finished_at, received_at), body, tries_before < 0"
              " FROM arrival INDEXED BY arrival_settled WHERE state <> 'pending' AND state = ?1 AND seq > ?2"
              " ORDER BY seq"),
      delete_(connection, "DELETE FROM arrival WHERE seq = ?1 AND state = ?2"),
      dead_(connection, rows_where("state = 'dead'")),
      quarantined_(connection, rows_where("state = 'quarantined'")),
      unknown_(connection,
               rows_where("state = 'processed' AND entity IS NULL AND NOT EXISTS (SELECT 1 FROM arrival later"
                          " INDEXED BY arrival_body WHERE later.body <> later.seq AND later.body = arrival.body AND"
                          " later.seq > arrival.seq)")),
      last_seq_(connection, "SELECT max(seq) FROM arrival"),
      find_(connection, "SELECT " + row_columns + ", a.body FROM arrival a WHERE a.seq = ?1"),
      revive_(connection,
              "UPDATE arrival SET state = 'pending', waits = ?2, retry_at = 0, finished_at = NULL,"
              " tries_before = CASE WHEN tries_before < 0 THEN -1 - tries ELSE tries END WHERE seq = ?1"),
      insert_(
          connection,
          "INSERT INTO arrival (seq, identity, body, source, event, entity, received_at, state, waits, tries_before)"
          " SELECT ?5, identity, body, source, ?2, ?3, received_at, 'pending', ?4, -1 FROM arrival WHERE seq = ?1"),
      candidates_(connection,
                  "SELECT seq, identity, error, entity IS NOT NULL, body FROM arrival"
                  " WHERE (entity IS NULL OR entity = ?3) AND seq > ?1 AND seq <= ?2 ORDER BY seq"),
      blank_(connection,
             "UPDATE arrival SET error = CASE state WHEN 'pending' THEN 'the payload was erased'"
             " WHEN 'quarantined' THEN error ELSE '' END,"
             " state = CASE state WHEN 'pending' THEN 'dead' ELSE state END, waits = 0 WHERE seq = ?1") {}

InboxUpkeep::Purge::Purge(InboxTime settled_before, InboxTime present, std::optional<InboxState> state)
    : before(settled_before), now(present), states{InboxState::processed, InboxState::copy, InboxState::quarantined} {
  if (state) states = {*state};
}

bool InboxUpkeep::is_readable(std::uint64_t seq, Payload wanted) {
  const SqliteReset done{find_};
  try {
    if (!find_.bind(1, as_integer(seq)).step()) return true;
    const Identity identity = row_from(find_).identity;
    const auto body = bodies_.find(find_.integer(row_column_count));
    return wanted == Payload::any || !body || !body->whole() || identity_of(body->bytes) == identity;
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
    return false;
  }
}

InboxUpkeep::Old InboxUpkeep::old_rows(Purge& purge) {
  const Purge start = purge;
  Old old{start.states[start.at], {}, {}};
  const auto rows = settled_before(purge, old.unreadable);
  if (const auto last = add_readable(rows, old)) {
    purge = start;
    purge.after = *last;
    std::erase_if(old.unreadable, [&](std::uint64_t seq) { return seq > *last; });  // the next step meets them
  }
  return old;
}

// As many of them as a step looks at; the purge goes on behind the last. Rows have the order in which they came. A time
// that is still to come is of a clock that was ahead and tells nothing: such a row is as old as the next one that is
// old, and when that is found the purge goes back to it. A row that was replayed came later than its time tells.
std::vector<InboxUpkeep::Holder> InboxUpkeep::settled_before(Purge& purge, std::vector<std::uint64_t>& unreadable) {
  std::vector<Holder> old;
  int looked_at = 0;
  const SqliteReset done{oldest_};
  oldest_.bind(1, to_text(purge.states[purge.at])).bind(2, as_integer(purge.after));
  while (oldest_.step()) {
    const auto seq = unsigned_column(oldest_, 0);
    const InboxTime received = as_time(oldest_.integer(1)), settled = as_time(oldest_.integer(3));
    const bool timed = received < purge.before, replayed = oldest_.integer(5) != 0;
    if (!timed && received <= purge.now) break;
    if (timed && !replayed && purge.before_ahead) {
      purge.old_up_to = seq;
      purge.after = *std::exchange(purge.before_ahead, std::nullopt);
      return old;
    }
    const bool ahead = !timed && seq > purge.old_up_to;
    if (ahead && !purge.before_ahead) purge.before_ahead = purge.after;
    purge.after = seq;
    if (!ahead && (settled < purge.before || (!timed && settled > purge.now)))
      add_holder(seq, oldest_.bytes(2), oldest_.integer(4), old, unreadable);
    if (++looked_at == passed_over_max || std::ssize(old) == step_rows_max) return old;
  }
  ++purge.at;
  purge.after = 0;
  purge.before_ahead.reset();
  return old;
}

void InboxUpkeep::add_holder(std::uint64_t seq, std::string_view identity, std::int64_t body, std::vector<Holder>& to,
                             std::vector<std::uint64_t>& unreadable) {
  try {
    to.push_back({seq, identity_from(identity), body});
  } catch (const SqliteError&) {  // damaged
    unreadable.push_back(seq);
  }
}

// As many of them as a step removes, up to the one that it gives. One that the disk does not give ends the step: that
// may take it long.
std::optional<std::uint64_t> InboxUpkeep::add_readable(const std::vector<Holder>& rows, Old& old) {
  std::uint64_t bytes = 0;
  for (const Holder& one : rows) {
    bool given = true;
    try {
      const auto body = bodies_.find(one.body);
      old.rows.push_back(one);
      bytes += body ? body->bytes.size() : 0;
    } catch (const SqliteError& error) {
      if (!error.is_unreadable()) throw;
      old.unreadable.push_back(one.seq);
      given = error.kind() != SqliteError::Kind::unread;
    }
    if (!given || bytes >= step_bytes_max) return one.seq;
  }
  return std::nullopt;
}

std::uint64_t InboxUpkeep::remove(const Old& old) {
  std::uint64_t removed = 0;
  for (const Holder& one : old.rows) removed += remove(one, old.state) ? 1 : 0;
  return removed;
}

bool InboxUpkeep::remove(const Holder& row, InboxState state) {
  delete_.bind(1, as_integer(row.seq)).bind(2, to_text(state)).run();
  if (connection_.changes() == 0) return false;
  rows_.removed(as_integer(row.seq));
  if (state == InboxState::quarantined) bodies_.release_aside(row.body);
  bodies_.drop_if_unused(row.body, row.identity);
  return true;
}

std::vector<std::uint64_t> InboxUpkeep::rows_of(RowSelection::Kind kind, std::uint64_t after, std::uint64_t last) {
  SqliteStatement* rows = nullptr;
  switch (kind) {
    case RowSelection::Kind::named:
      return {};
    case RowSelection::Kind::dead:
      rows = &dead_;
      break;
    case RowSelection::Kind::quarantined:
      rows = &quarantined_;
      break;
    case RowSelection::Kind::unknown:
      rows = &unknown_;
      break;
  }
  const SqliteReset done{*rows};
  std::vector<std::uint64_t> found;
  rows->bind(1, as_integer(after)).bind(2, as_integer(last));
  while (rows->step()) found.push_back(unsigned_column(*rows, 0));
  return found;
}

std::uint64_t InboxUpkeep::last_seq() {
  const SqliteReset done{last_seq_};
  return last_seq_.step() ? unsigned_column(last_seq_, 0) : 0;
}

InboxUpkeep::Found InboxUpkeep::find_with_body(std::uint64_t seq) {
  const SqliteReset done{find_};
  if (!find_.bind(1, as_integer(seq)).step()) refuse(seq, "is not there (any more): list shows the rows");
  Found found{row_from(find_), {}, find_.integer(row_column_count)};
  const auto body = bodies_.find(found.number);
  if (!body) refuse(seq, "has lost its payload, which was erased");
  if (!body->whole()) refuse(seq, "has only the beginning of its payload: it came when the quota was used up");
  found.body = *body;
  return found;
}

bool InboxUpkeep::entity_waits(const std::optional<std::string>& entity) const {
  return entity && pending_.has(EntityKey{*entity});
}

void InboxUpkeep::retry(std::uint64_t seq) {
  const Found found = find_with_body(seq);
  if (found.row.state != InboxState::dead)
    refuse(seq, "is " + std::string{to_text(found.row.state)} + ": only dead rows are retried, others are replayed");
  const auto entity = entity_of(found.row);
  revive_.bind(1, as_integer(seq)).bind(2, std::int64_t{entity_waits(entity)}).run();
  if (entity) pending_.add_older(EntityKey{*entity});
}

bool InboxUpkeep::replay(std::uint64_t seq) {
  const Found found = find_with_body(seq);
  const InboxState state = found.row.state;
  if (state == InboxState::pending) refuse(seq, "waits for its handler already");
  if (state == InboxState::dead) refuse(seq, "is dead: retry it");
  Arrival again;
  again.body = found.body.bytes;
  describe(again, {}, no_limits);
  if (!again.quarantine_reason.empty()) return false;
  const auto entity = entity_of(again);
  const std::int64_t row = rows_.next();
  insert_.bind(1, as_integer(seq))
      .bind(2, again.event)
      .bind(3, entity)
      .bind(4, std::int64_t{entity_waits(entity)})
      .bind(5, row)
      .run();
  if (entity) pending_.add_newest(EntityKey{*entity}, static_cast<std::uint64_t>(row));
  if (state == InboxState::quarantined) remove(Holder{seq, found.row.identity, found.number}, state);
  return true;
}

bool InboxUpkeep::search(Search& search) {
  const std::uint64_t last = last_seq();
  if (search.after >= last) return false;
  const SqliteReset done{candidates_};
  const std::uint64_t step_last = std::min(last, search.after + static_cast<std::uint64_t>(step_searched_max));
  candidates_.bind(1, as_integer(search.after)).bind(2, as_integer(step_last)).bind(3, std::string_view{search.entity});
  for (std::uint64_t bytes = 0; candidates_.step();) {
    search.after = unsigned_column(candidates_, 0);
    const bool of_entity = candidates_.integer(3) != 0, encoded = candidates_.bytes(2) == encoded_reason;
    try {
      const Holder row{search.after, identity_from(candidates_.bytes(1)), candidates_.integer(4)};
      if (of_entity)
        search.found.push_back(row);
      else
        bytes += look_into(row, encoded, search);
    } catch (const SqliteError& error) {
      if (error.kind() != SqliteError::Kind::not_a_database) throw;
      if (of_entity)
        search.unreadable.push_back(Holder{search.after, {}, 0});
      else
        ++search.unsearched;
    }
    if (bytes >= step_bytes_max) return true;
  }
  search.after = step_last;
  return true;
}

std::uint64_t InboxUpkeep::look_into(const Holder& row, bool encoded, Search& search) {
  const auto body = bodies_.find(row.body);
  if (!body) return 0;  // it was erased
  if (holds_text(body->bytes, search.id))
    search.found.push_back(row);
  else if (encoded || !body->whole() || !is_plain_text(body->bytes))
    ++search.unsearched;
  return body->bytes.size();
}

std::uint64_t InboxUpkeep::erase(const Search& search, const HandedOut& out) {
  if (search.found.empty() && search.unreadable.empty())
    throw InboxError("the inbox holds nothing about " + search.entity);
  for (const auto* rows : {&search.found, &search.unreadable})
    for (const Holder& row : *rows)
      if (out.is_claimed(row.seq)) refuse(row.seq, "of that entity is being handled: try again when it has ended");
  std::uint64_t bodies = 0;
  for (const Holder& row : search.unreadable) blank_.bind(1, as_integer(row.seq)).run();
  for (const Holder& row : search.found) {
    blank_.bind(1, as_integer(row.seq)).run();
    bodies += bodies_.erase(row.body, row.identity);
  }
  pending_.remove(EntityKey{search.entity});
  return bodies;
}

}  // namespace prospero::webhooks
