#include "inbox_tables.hpp"

#include <algorithm>
#include <stdexcept>

#include "identity.hpp"
#include "inbox_clock.hpp"

namespace prospero::webhooks {
namespace {

constexpr int tries_before_column = row_column_count;
constexpr int body_column = row_column_count + 1;
constexpr int finished_at_column = row_column_count + 2;

// take() is given a time that is older than what was written while its caller waited for a commit.
constexpr std::chrono::minutes set_back_least{1};

// Nobody knows what the application's state comes from. Against a head of the same kind and without a time whatever
// comes is ambiguous (H3, H5, H9).
void doubt_head(PendingArrival& replayed, InboxTime now) {
  if (!replayed.head) return;
  PushFacts& last = replayed.head->push;
  replayed.head->unsure = true;
  if (!last.changed_at || !is_in_future(*last.changed_at, now)) return;
  last.changed_at = std::nullopt;
  if (const auto event = webhook_event_from_text(replayed.row.event.value_or(""))) last.change = change_of(*event);
}

InboxRow pending_row_from(const SqliteStatement& rows) {
  try {
    return row_from(rows);
  } catch (const SqliteError&) {
    throw DamagedRow{unsigned_column(rows, 0)};
  }
}

}  // namespace

// The planner knows nothing of how many rows are pending or of one entity, so every statement that must not slow down
// with their number names its index.
InboxWrites::InboxWrites(SqliteConnection& connection, InboxMemory& memory)
    : connection_(connection),
      pending_(memory.pending),
      rows_(memory.rows),
      fresh_rows_(memory.fresh),
      heads_(connection),
      bodies_(connection, memory.numbers),
      insert_arrival_(
          connection,
          "INSERT INTO arrival (seq, identity, body, source, event, entity, received_at, state, waits, error)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      newest_same_(connection, rows_of_body("seq, state, source, tries", "1") + " ORDER BY seq DESC LIMIT 1"),
      absorb_(connection, "UPDATE arrival SET copies = copies + 1 WHERE seq = ?1"),
      settle_(connection,
              "UPDATE arrival SET state = ?2, tries = tries + ?3, freshness = coalesce(?4, freshness), error = ?5,"
              " retry_at = ?6, finished_at = ?7, waits = 0 WHERE seq = ?1 AND state = 'pending'"),
      settled_entity_(connection, "SELECT entity FROM arrival WHERE seq = ?1"),
      unblock_(connection,
               "UPDATE arrival SET waits = 0 WHERE seq ="
               " (SELECT seq FROM arrival INDEXED BY arrival_waiting WHERE entity = ?1 AND waits = 1"
               " ORDER BY seq LIMIT 1)"),
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES (?1, ?2)"),
      due_(connection, "SELECT " + row_columns +
                           ", a.tries_before, a.body FROM arrival a INDEXED BY arrival_ready"
                           " WHERE a.state = 'pending' AND a.waits = 0 AND a.retry_at > 0 AND a.retry_at <= ?1"
                           " ORDER BY a.retry_at, a.seq"),
      last_due_(connection, "SELECT " + row_columns +
                                ", a.tries_before, a.body, a.finished_at FROM arrival a INDEXED BY arrival_ready"
                                " WHERE a.state = 'pending' AND a.waits = 0 AND a.retry_at > 0 AND a.retry_at > ?1"
                                " ORDER BY a.retry_at DESC, a.seq DESC"),
      fresh_(connection, "SELECT " + row_columns +
                             ", a.tries_before, a.body FROM arrival a NOT INDEXED WHERE a.seq >= ?1 AND " + is_fresh +
                             " ORDER BY a.seq"),
      untried_(connection, "SELECT " + row_columns +
                               ", a.tries_before, a.body FROM arrival a INDEXED BY arrival_ready"
                               " WHERE a.state = 'pending' AND a.waits = 0 AND a.retry_at = 0 ORDER BY a.seq"),
      bytes_(connection, "SELECT bytes FROM body WHERE id = ?1"),
      retries_(connection,
               "SELECT seq, retry_at FROM arrival INDEXED BY arrival_ready WHERE state = 'pending' AND waits = 0 AND "
               "retry_at > 0"
               " ORDER BY retry_at, seq"),
      seen_before_(connection, rows_of_body("1", "seq < ?2") + " LIMIT 1"),
      handled_before_(connection, rows_of_body("1", "seq <> ?2 AND state = 'processed' AND tries > 0") + " LIMIT 1") {}

std::optional<std::uint64_t> InboxWrites::absorbing_row(const Arrival& arrival, const std::optional<EntityKey>& entity,
                                                        std::int64_t body, const HandedOut& out) {
  if (!entity) return std::nullopt;
  const SqliteReset done_same{newest_same_};
  if (!newest_same_.bind(1, body).step()) return std::nullopt;
  const auto seq = unsigned_column(newest_same_, 0);
  const bool waits = state_from(newest_same_.bytes(1)) == InboxState::pending;
  const bool started = newest_same_.integer(3) > 0 || out.maybe_started(seq);
  if (!waits || started || newest_same_.bytes(2) != arrival.source) return std::nullopt;
  return pending_.is_newest(*entity, seq) ? std::optional{seq} : std::nullopt;
}

StoreResult InboxWrites::store(const Arrival& arrival, const HandedOut& out, StoredBytes stored) {
  if (!arrival.quarantine_reason.empty()) throw std::logic_error("a quarantined arrival goes to store_aside()");
  const auto entity = entity_of(arrival);
  const auto key = entity ? std::optional{EntityKey{*entity}} : std::nullopt;
  const auto body = stored == StoredBytes::readable ? bodies_.number(arrival.identity) : std::nullopt;
  if (body) {
    bodies_.complete(*body, arrival.identity, arrival.body);
    if (const auto seq = absorbing_row(arrival, key, *body, out)) {
      absorb_.bind(1, as_integer(*seq)).run();
      return {StoreStatus::absorbed, *seq, {}};
    }
  }
  const std::int64_t seq = rows_.next();
  if (!body) bodies_.add(seq, arrival.identity, arrival.body);
  const std::int64_t waits = key && pending_.has(*key) ? 1 : FreshRows::waits;
  const StoreResult inserted = insert(seq, arrival, entity, body.value_or(seq), InboxState::pending, waits);
  if (key) pending_.add_newest(*key, inserted.seq);
  return inserted;
}

StoreResult InboxWrites::store_aside(const Arrival& arrival, std::uint64_t full_size, std::uint64_t quota_bytes,
                                     StoredBytes stored) {
  const std::int64_t seq = rows_.next();
  const std::int64_t body = bodies_.put_aside(seq, arrival.identity, arrival.body, full_size, quota_bytes, stored);
  return insert(seq, arrival, entity_of(arrival), body, InboxState::quarantined, 0);
}

StoreResult InboxWrites::insert(std::int64_t seq, const Arrival& arrival, const std::optional<std::string>& entity,
                                std::int64_t body, InboxState state, std::int64_t waits) {
  insert_arrival_.bind(1, seq)
      .bind_blob(2, raw(arrival.identity))
      .bind(3, body)
      .bind(4, std::string_view{arrival.source})
      .bind(5, arrival.event)
      .bind(6, entity)
      .bind(7, as_integer(arrival.received_at))
      .bind(8, to_text(state))
      .bind(9, waits)
      .bind(10, std::string_view{arrival.quarantine_reason})
      .run();
  return {StoreStatus::stored, static_cast<std::uint64_t>(seq), {}};
}

void InboxWrites::finish(std::uint64_t seq, const HandOver& result, InboxTime now) {
  const bool again = result.state == InboxState::pending;
  settle_.bind(1, as_integer(seq))
      .bind(2, to_text(result.state))
      .bind(3, std::int64_t{result.called})
      .bind(4, text_of(result.freshness))
      .bind(5, std::string_view{result.error})
      .bind(6, again ? std::max<std::int64_t>(as_integer(result.retry_at), 1) : 0)
      .bind(7, as_integer(now))
      .run();
  // Nothing, if it is told again, as what was committed could not be told to be durable.
  if (again || connection_.changes() == 0) return;
  const auto entity = entity_of_row(seq);
  if (!entity) return;
  if (result.head) heads_.put(*entity, *result.head, now);
  unblock_next(*entity);
}

void InboxWrites::unblock_next(const std::string& entity) {
  unblock_.bind(1, std::string_view{entity}).run();
  if (connection_.changes() == 0) pending_.remove(EntityKey{entity});
}

std::optional<std::string> InboxWrites::entity_of_row(std::uint64_t seq) {
  const SqliteReset done{settled_entity_};
  return settled_entity_.bind(1, as_integer(seq)).step() ? settled_entity_.optional_text(0) : std::nullopt;
}

// As after any dead push, its entity's head is no longer to be relied on. One that cannot be read stays as it is.
HandOver InboxWrites::given_up(std::uint64_t seq, const std::string& why) {
  HandOver dead;
  dead.state = InboxState::dead;
  dead.called = false;
  dead.error = why;
  try {
    if (const auto entity = entity_of_row(seq)) dead.head = heads_.find(*entity);
  } catch (const SqliteError&) {
    return dead;
  }
  if (dead.head) dead.head->unsure = true;
  return dead;
}

void InboxWrites::set_mark(std::string_view name, InboxTime now) {
  set_mark_.bind(1, name).bind(2, as_integer(now)).run();
}

std::string InboxWrites::body_of(std::uint64_t seq, std::int64_t body) {
  const SqliteReset done{bytes_};
  try {
    if (bytes_.bind(1, body).step()) return bytes_.bytes(0);
  } catch (const SqliteError& error) {
    if (error.kind() != SqliteError::Kind::not_a_database) throw;
  }
  throw DamagedRow{seq};
}

std::optional<std::uint64_t> InboxWrites::step_to_unclaimed(SqliteStatement& rows, const HandedOut& out) {
  while (rows.step())
    if (const auto seq = unsigned_column(rows, 0); !out.is_away(seq)) return seq;
  return std::nullopt;
}

PendingArrival InboxWrites::taken_from(const SqliteStatement& rows, const HandedOut& out) {
  PendingArrival taken;
  taken.row = pending_row_from(rows);
  taken.maybe_started = taken.row.tries > 0 || out.maybe_started(taken.row.seq);
  const std::int64_t tries_before = rows.integer(tries_before_column);
  taken.replayed = tries_before < 0;
  taken.tries_spent = taken.row.tries - static_cast<std::uint32_t>(taken.replayed ? -1 - tries_before : tries_before);
  read_rest(taken, rows.integer(body_column));
  return taken;
}

// One that is due; else one that failed at a time which is still to come: the clock was set back, and its wait would be
// too long. Such are the last of all retries, or come before one that waits as it should and need not be looked for.
std::optional<PendingArrival> InboxWrites::first_retry(InboxTime now, const HandedOut& out) {
  const SqliteReset done_due{due_}, done_last{last_due_};
  if (step_to_unclaimed(due_.bind(1, as_integer(now)), out)) return taken_from(due_, out);
  last_due_.bind(1, as_integer(now));
  while (last_due_.step() && as_time(last_due_.integer(finished_at_column)) > now + set_back_least)
    if (!out.is_away(unsigned_column(last_due_, 0))) return taken_from(last_due_, out);
  return std::nullopt;
}

// The first of those with and without an entry in the index.
std::optional<PendingArrival> InboxWrites::first_untried(const HandedOut& out) {
  const SqliteReset done_fresh{fresh_}, done_indexed{untried_};
  const auto fresh = step_to_unclaimed(fresh_.bind(1, as_integer(fresh_rows_.from())), out);
  fresh_rows_.pass_to(fresh.value_or(static_cast<std::uint64_t>(rows_.mark()) + 1));
  const auto indexed = step_to_unclaimed(untried_, out);
  if (!fresh && !indexed) return std::nullopt;
  return taken_from(indexed && (!fresh || *indexed < *fresh) ? untried_ : fresh_, out);
}

// By turns: neither what keeps failing nor what keeps coming may leave the other without any, nor what cannot be read.
std::optional<PendingArrival> InboxWrites::take(InboxTime now, const HandedOut& out) {
  for (const bool retry : {!retry_had_turn_, retry_had_turn_}) {
    retry_had_turn_ = retry;
    auto taken = retry ? first_retry(now, out) : first_untried(out);
    if (!taken) continue;
    if (taken->replayed) doubt_head(*taken, now);
    return taken;
  }
  return std::nullopt;
}

void InboxWrites::read_rest(PendingArrival& taken, std::int64_t body) {
  try {
    taken.body = body_of(taken.row.seq, body);
    look_back(taken, body);
  } catch (const SqliteError& error) {
    throw UnreadRow{taken.row.seq, error};
  }
}

void InboxWrites::look_back(PendingArrival& taken, std::int64_t body) {
  const InboxRow& row = taken.row;
  const SqliteReset done_seen{seen_before_}, done_handled{handled_before_};
  taken.seen_before = seen_before_.bind(1, body).bind(2, as_integer(row.seq)).step();
  taken.handled_before = handled_before_.bind(1, body).bind(2, as_integer(row.seq)).step();
  if (const auto entity = entity_of(row)) taken.head = heads_.find(*entity);
}

std::optional<InboxTime> InboxWrites::next_retry_at(const HandedOut& out) {
  const SqliteReset done{retries_};
  std::optional<InboxTime> next;
  while (!next && retries_.step())
    if (!out.is_away(unsigned_column(retries_, 0))) next = as_time(retries_.integer(1));
  for (const auto& [seq, until] : out.unread_until) next = std::min(next.value_or(until), until);
  return next;
}

}  // namespace prospero::webhooks
