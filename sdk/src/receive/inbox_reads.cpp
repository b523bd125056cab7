#include "inbox_reads.hpp"

#include <algorithm>

#include "aside_space.hpp"
#include "identity.hpp"
#include "inbox_fresh.hpp"

namespace prospero::webhooks {

InboxReads::InboxReads(SqliteConnection& connection)
    : connection_(connection),
      list_(connection, "SELECT " + row_columns + " FROM arrival a WHERE a.seq < ?1 ORDER BY a.seq DESC LIMIT ?2"),
      witness_(connection,
               "SELECT identity, event, entity, freshness, max(seq), sum(state = 'processed'), sum(state = 'dead'),"
               " sum(state = 'processed' AND tries > 0) FROM arrival WHERE state <> 'pending' GROUP BY body"
               " HAVING sum(state <> 'copy') > 0 ORDER BY max(seq)"),
      pending_counts_(
          connection,
          "SELECT count(*), min(seq) FROM arrival INDEXED BY arrival_ready WHERE state = 'pending' AND waits = 0"
          " UNION ALL SELECT count(*), min(seq) FROM arrival NOT INDEXED WHERE seq >= " +
              fresh_from + " AND " + is_fresh +
              " UNION ALL SELECT count(*), min(seq) FROM arrival INDEXED BY arrival_waiting WHERE waits = 1"),
      settled_counts_(connection,
                      "SELECT state, count(*) FROM arrival INDEXED BY arrival_settled WHERE state <> 'pending'"
                      " GROUP BY state"),
      received_at_(connection, "SELECT received_at FROM arrival WHERE seq = ?1"),
      find_(connection, "SELECT " + row_columns + " FROM arrival a WHERE a.seq = ?1"),
      numbers_(connection),
      bodies_(connection),
      history_(connection) {}

std::optional<InboxRow> InboxReads::find(std::uint64_t seq) {
  const SqliteReset done{find_};
  if (!find_.bind(1, as_integer(seq)).step()) return std::nullopt;
  return row_from(find_);
}

// One that was damaged may have come again, and got another number.
std::optional<StoredBody> InboxReads::body(const Identity& identity) {
  try {
    const auto number = numbers_.find(identity);
    return number ? body_as_it_came(identity, *number) : std::nullopt;
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
  }
  numbers_.catch_up();
  const auto number = numbers_.find(identity);
  return number ? body_as_it_came(identity, *number) : std::nullopt;
}

std::optional<StoredBody> InboxReads::body_as_it_came(const Identity& identity, std::int64_t number) {
  auto body = bodies_.find(number);
  if (body && body->whole() && identity_of(body->bytes) != identity)
    throw SqliteError{SqliteError::Kind::not_a_database, "what is stored are other bytes than those that came"};
  return body;
}

std::vector<Gap> InboxReads::gaps(InboxTime now, const GapRules& rules) {
  return history_.all(now, rules);
}

SilenceStates InboxReads::silence(InboxTime now) {
  return history_.silence(now);
}

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
    one.identity = identity_from(witness_.bytes(0));
    one.event = witness_.optional_text(1);
    one.entity_id = id_of_entity(witness_.optional_text(2));
    one.freshness = freshness_from(witness_.optional_text(3));
    one.result = witness_.integer(5) > 0   ? InboxState::processed
                 : witness_.integer(6) > 0 ? InboxState::dead
                                           : InboxState::quarantined;
    one.times = unsigned_column(witness_, 7);
    line(one);
  }
}

InboxCounts InboxReads::counts() {
  InboxCounts counts;
  count_pending(counts);
  count_settled(counts);
  counts.bytes_used = connection_.bytes_used();
  counts.quarantined_bytes = bodies_.quarantined_bytes();
  counts.bytes_without_aside = without_aside(counts.bytes_used, counts.quarantined, counts.quarantined_bytes);
  return counts;
}

void InboxReads::count_pending(InboxCounts& counts) {
  std::optional<std::int64_t> oldest;
  const SqliteReset done{pending_counts_}, done_oldest{received_at_};
  while (pending_counts_.step()) {
    counts.pending += unsigned_column(pending_counts_, 0);
    if (!pending_counts_.is_null(1))
      oldest = std::min(oldest.value_or(pending_counts_.integer(1)), pending_counts_.integer(1));
  }
  if (oldest && received_at_.bind(1, *oldest).step()) counts.oldest_pending_at = as_time(received_at_.integer(0));
}

void InboxReads::count_settled(InboxCounts& counts) {
  const SqliteReset done{settled_counts_};
  while (settled_counts_.step()) {
    const std::uint64_t count = unsigned_column(settled_counts_, 1);
    switch (state_from(settled_counts_.bytes(0))) {
      case InboxState::pending:
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
}

}  // namespace prospero::webhooks
