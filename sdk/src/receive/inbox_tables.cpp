#include "inbox_tables.hpp"

#include <algorithm>
#include <array>

#include "identity.hpp"

namespace prospero::webhooks {
namespace {

const std::string row_columns =
    "a.seq, a.identity, a.source, a.event, a.entity, a.received_at, a.state, a.freshness, a.tries, a.copies, a.error";
constexpr int body_column = 11;

constexpr std::array states{InboxState::pending, InboxState::processed, InboxState::dead, InboxState::quarantined,
                            InboxState::copy};

InboxState state_from(std::string_view text) {
  for (const InboxState state : states)
    if (to_text(state) == text) return state;
  throw InboxError("the inbox holds an unknown state: it was written by another version");
}

std::int64_t as_integer(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::int64_t as_integer(InboxTime time) {
  return time.time_since_epoch().count();
}
InboxTime as_time(std::int64_t milliseconds) {
  return InboxTime{std::chrono::milliseconds{milliseconds}};
}
std::uint64_t unsigned_column(const SqliteStatement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

std::optional<std::string> entity_of(const Arrival& arrival) {
  if (!arrival.family || !arrival.entity_id) return std::nullopt;
  return *arrival.family + "/" + *arrival.entity_id;
}

void split_entity(const std::optional<std::string>& entity, std::optional<std::string>& family,
                  std::optional<std::string>& id) {
  if (!entity) return;
  const auto slash = entity->find('/');
  family = entity->substr(0, slash);
  if (slash != std::string::npos) id = entity->substr(slash + 1);
}

InboxRow row_from(const SqliteStatement& from) {
  InboxRow row;
  row.seq = unsigned_column(from, 0);
  row.identity = identity_from_raw(from.bytes(1));
  row.source = from.bytes(2);
  row.event = from.optional_text(3);
  split_entity(from.optional_text(4), row.family, row.entity_id);
  row.received_at = as_time(from.integer(5));
  row.state = state_from(from.bytes(6));
  row.freshness = from.optional_text(7);
  row.tries = static_cast<std::uint32_t>(from.integer(8));
  row.copies = static_cast<std::uint32_t>(from.integer(9));
  row.error = from.bytes(10);
  return row;
}

}  // namespace

InboxWrites::InboxWrites(SqliteConnection& connection)
    : connection_(connection),
      insert_body_(connection, "INSERT OR IGNORE INTO body (identity, bytes) VALUES (?1, ?2)"),
      insert_arrival_(connection,
                      "INSERT INTO arrival (identity, source, event, entity, received_at, state, waits, error)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      entity_pending_(connection, "SELECT 1 FROM arrival WHERE entity = ?1 AND state = 'pending' LIMIT 1"),
      newest_same_(connection, "SELECT seq, state, source FROM arrival WHERE identity = ?1 ORDER BY seq DESC LIMIT 1"),
      newest_of_entity_(connection, "SELECT seq FROM arrival WHERE entity = ?1 ORDER BY seq DESC LIMIT 1"),
      absorb_(connection, "UPDATE arrival SET copies = copies + 1 WHERE seq = ?1"),
      settle_(connection,
              "UPDATE arrival SET state = ?2, tries = tries + ?3, freshness = coalesce(?4, freshness), error = ?5,"
              " retry_at = ?6, finished_at = ?7 WHERE seq = ?1"),
      settled_entity_(connection, "SELECT entity FROM arrival WHERE seq = ?1"),
      unblock_(connection,
               "UPDATE arrival SET waits = 0 WHERE seq ="
               " (SELECT min(seq) FROM arrival WHERE entity = ?1 AND state = 'pending')"),
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES (?1, ?2)"),
      due_(connection, "SELECT " + row_columns +
                           ", b.bytes FROM arrival a JOIN body b ON b.identity = a.identity"
                           " WHERE a.state = 'pending' AND a.waits = 0 AND a.retry_at > 0 AND a.retry_at <= ?1"
                           " ORDER BY a.retry_at, a.seq"),
      fresh_(connection, "SELECT " + row_columns +
                             ", b.bytes FROM arrival a JOIN body b ON b.identity = a.identity"
                             " WHERE a.state = 'pending' AND a.waits = 0 AND a.retry_at = 0 ORDER BY a.seq"),
      retries_(connection,
               "SELECT seq, retry_at FROM arrival WHERE state = 'pending' AND waits = 0 AND retry_at > 0"
               " ORDER BY retry_at, seq"),
      seen_before_(connection, "SELECT 1 FROM arrival WHERE identity = ?1 AND seq < ?2 LIMIT 1"),
      before_of_entity_(
          connection, "SELECT identity, state FROM arrival WHERE entity = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1") {}

std::optional<std::uint64_t> InboxWrites::absorbing_row(const Arrival& arrival, const Claimed& claimed) {
  const SqliteReset done_same{newest_same_};
  if (!newest_same_.bind_blob(1, raw(arrival.identity)).step()) return std::nullopt;
  const auto seq = unsigned_column(newest_same_, 0);
  const InboxState state = state_from(newest_same_.bytes(1));
  if (newest_same_.bytes(2) != arrival.source) return std::nullopt;
  if (!arrival.quarantine_reason.empty()) return state == InboxState::quarantined ? std::optional{seq} : std::nullopt;
  if (state != InboxState::pending || claimed.contains(seq)) return std::nullopt;

  const auto entity = entity_of(arrival);
  if (!entity) return seq;
  const SqliteReset done_entity{newest_of_entity_};
  const bool newest = newest_of_entity_.bind(1, entity).step() && unsigned_column(newest_of_entity_, 0) == seq;
  return newest ? std::optional{seq} : std::nullopt;
}

StoreResult InboxWrites::store(const Arrival& arrival, const Claimed& claimed) {
  if (const auto seq = absorbing_row(arrival, claimed)) {
    absorb_.bind(1, as_integer(*seq)).run();
    return {StoreStatus::absorbed, *seq, {}};
  }
  const auto entity = entity_of(arrival);
  bool waits = false;
  if (entity) {
    const SqliteReset done{entity_pending_};
    waits = entity_pending_.bind(1, entity).step();
  }
  const bool aside = !arrival.quarantine_reason.empty();
  insert_body_.bind_blob(1, raw(arrival.identity)).bind_blob(2, arrival.body).run();
  insert_arrival_.bind_blob(1, raw(arrival.identity))
      .bind(2, std::string_view{arrival.source})
      .bind(3, arrival.event)
      .bind(4, entity)
      .bind(5, as_integer(arrival.received_at))
      .bind(6, to_text(aside ? InboxState::quarantined : InboxState::pending))
      .bind(7, std::int64_t{waits})
      .bind(8, std::string_view{arrival.quarantine_reason})
      .run();
  return {StoreStatus::stored, static_cast<std::uint64_t>(connection_.last_insert_rowid()), {}};
}

void InboxWrites::finish(std::uint64_t seq, const HandOver& result, InboxTime now) {
  const bool again = result.state == InboxState::pending;
  settle_.bind(1, as_integer(seq))
      .bind(2, to_text(result.state))
      .bind(3, std::int64_t{result.called})
      .bind(4, result.freshness)
      .bind(5, std::string_view{result.error})
      .bind(6, again ? std::max<std::int64_t>(as_integer(result.retry_at), 1) : 0)
      .bind(7, as_integer(now))
      .run();
  if (again) return;
  std::optional<std::string> entity;
  {
    const SqliteReset done{settled_entity_};
    if (settled_entity_.bind(1, as_integer(seq)).step()) entity = settled_entity_.optional_text(0);
  }
  if (entity) unblock_.bind(1, entity).run();
}

void InboxWrites::set_mark(std::string_view name, InboxTime now) {
  set_mark_.bind(1, name).bind(2, as_integer(now)).run();
}

std::optional<PendingArrival> InboxWrites::first_unclaimed(SqliteStatement& rows, const Claimed& claimed) {
  while (rows.step()) {
    if (claimed.contains(unsigned_column(rows, 0))) continue;
    PendingArrival taken;
    taken.row = row_from(rows);
    taken.body = rows.bytes(body_column);
    return taken;
  }
  return std::nullopt;
}

std::optional<PendingArrival> InboxWrites::take(InboxTime now, const Claimed& claimed) {
  const SqliteReset done_due{due_}, done_fresh{fresh_};
  auto taken = first_unclaimed(due_.bind(1, as_integer(now)), claimed);
  if (!taken) taken = first_unclaimed(fresh_, claimed);
  if (taken) look_back(*taken);
  return taken;
}

void InboxWrites::look_back(PendingArrival& taken) {
  const InboxRow& row = taken.row;
  const SqliteReset done_seen{seen_before_}, done_before{before_of_entity_};
  taken.seen_before = seen_before_.bind_blob(1, raw(row.identity)).bind(2, as_integer(row.seq)).step();
  if (!row.family || !row.entity_id) return;
  const std::string entity = *row.family + "/" + *row.entity_id;
  if (!before_of_entity_.bind(1, std::string_view{entity}).bind(2, as_integer(row.seq)).step()) return;
  const InboxState state = state_from(before_of_entity_.bytes(1));
  taken.repeats_latest =
      before_of_entity_.bytes(0) == raw(row.identity) && (state == InboxState::processed || state == InboxState::copy);
}

std::optional<InboxTime> InboxWrites::next_retry_at(const Claimed& claimed) {
  const SqliteReset done{retries_};
  while (retries_.step())
    if (!claimed.contains(unsigned_column(retries_, 0))) return as_time(retries_.integer(1));
  return std::nullopt;
}

InboxReads::InboxReads(SqliteConnection& connection)
    : list_(connection, "SELECT " + row_columns + " FROM arrival a WHERE a.seq < ?1 ORDER BY a.seq DESC LIMIT ?2"),
      witness_(connection,
               "SELECT identity, event, entity, freshness, max(seq), sum(state = 'processed'), sum(state = 'dead'),"
               " sum(state = 'processed' AND tries > 0) FROM arrival WHERE state <> 'pending' GROUP BY identity"
               " HAVING sum(state <> 'copy') > 0 ORDER BY max(seq)"),
      counts_(connection, "SELECT state, count(*), min(seq), received_at FROM arrival GROUP BY state") {}

InboxPage InboxReads::list(std::optional<std::uint64_t> cursor, std::size_t limit) {
  constexpr std::uint64_t newest = std::uint64_t{1} << 62;
  constexpr std::size_t most = 1'000'000;
  const std::size_t wanted = std::clamp(limit, std::size_t{1}, most);
  InboxPage page;
  const SqliteReset done{list_};
  list_.bind(1, as_integer(std::min(cursor.value_or(newest), newest))).bind(2, static_cast<std::int64_t>(wanted + 1));
  while (list_.step()) {
    if (page.rows.size() == wanted) {
      page.next = page.rows.back().seq;
      break;
    }
    page.rows.push_back(row_from(list_));
  }
  return page;
}

void InboxReads::witness(const std::function<void(const WitnessLine&)>& line) {
  const SqliteReset done{witness_};
  while (witness_.step()) {
    WitnessLine one;
    std::optional<std::string> family;
    one.identity = identity_from_raw(witness_.bytes(0));
    one.event = witness_.optional_text(1);
    split_entity(witness_.optional_text(2), family, one.entity_id);
    one.freshness = witness_.optional_text(3);
    one.result = witness_.integer(5) > 0   ? InboxState::processed
                 : witness_.integer(6) > 0 ? InboxState::dead
                                           : InboxState::quarantined;
    one.times = unsigned_column(witness_, 7);
    line(one);
  }
}

InboxCounts InboxReads::counts() {
  InboxCounts counts;
  const SqliteReset done{counts_};
  while (counts_.step()) {
    const std::uint64_t count = unsigned_column(counts_, 1);
    switch (state_from(counts_.bytes(0))) {
      case InboxState::pending:
        counts.pending = count;
        counts.oldest_pending_at = InboxTime{std::chrono::milliseconds{counts_.integer(3)}};
        break;
      case InboxState::processed:
        counts.processed = count;
        break;
      case InboxState::dead:
        counts.dead = count;
        break;
      case InboxState::quarantined:
        counts.quarantined = count;
        break;
      case InboxState::copy:
        counts.copy = count;
        break;
    }
  }
  return counts;
}

}  // namespace prospero::webhooks
