#include "inbox_bodies.hpp"

#include <algorithm>

#include "identity.hpp"

namespace prospero::webhooks {

std::string rows_of_body(const std::string& columns, const std::string& condition) {
  return "SELECT " + columns + " FROM arrival WHERE seq = ?1 AND body = ?1 AND " + condition + " UNION ALL SELECT " +
         columns + " FROM arrival INDEXED BY arrival_body WHERE body <> seq AND body = ?1 AND " + condition;
}

BodyReads::BodyReads(SqliteConnection& connection)
    : find_(connection,
            "SELECT b.bytes, coalesce(c.size, length(b.bytes)) FROM body b LEFT JOIN cut_body c"
            " ON c.identity = b.identity WHERE b.id = ?1"),
      aside_bytes_(connection, "SELECT value FROM mark WHERE name = 'quarantined_bytes'") {}

std::optional<StoredBody> BodyReads::find(std::int64_t number) {
  const SqliteReset done{find_};
  if (!find_.bind(1, number).step()) return std::nullopt;
  StoredBody body{find_.bytes(0), static_cast<std::uint64_t>(find_.integer(1))};
  const bool erased = body.bytes.empty() && !body.whole();
  return erased ? std::nullopt : std::optional{std::move(body)};
}

std::uint64_t BodyReads::quarantined_bytes() {
  const SqliteReset done{aside_bytes_};
  return aside_bytes_.step() ? static_cast<std::uint64_t>(aside_bytes_.integer(0)) : 0;
}

InboxBodies::InboxBodies(SqliteConnection& connection, BodyNumbers& numbers)
    : connection_(connection),
      numbers_(numbers),
      reads_(connection),
      insert_(connection, "INSERT INTO body (id, identity, bytes) VALUES (?1, ?2, ?3)"),
      replace_(connection, "UPDATE body SET bytes = ?2 WHERE id = ?1"),
      insert_cut_(connection, "INSERT OR REPLACE INTO cut_body (identity, size) VALUES (?1, ?2)"),
      delete_(connection, "DELETE FROM body WHERE id = ?1"),
      delete_cut_(connection, "DELETE FROM cut_body WHERE identity = ?1"),
      is_used_(connection, rows_of_body("1", "1") + " LIMIT 1"),
      is_aside_(connection, rows_of_body("1", "state = 'quarantined'") + " LIMIT 1"),
      count_aside_(connection, "UPDATE mark SET value = max(0, value + ?1) WHERE name = 'quarantined_bytes'") {}

std::optional<std::int64_t> InboxBodies::number(const Identity& identity) {
  return numbers_.find(identity);
}

void InboxBodies::add(std::int64_t number, const Identity& identity, std::string_view bytes) {
  numbers_.add(identity, number);
  insert_.bind(1, number).bind_blob(2, raw(identity)).bind_blob(3, bytes).run();
}

void InboxBodies::complete(std::int64_t id, const Identity& identity, std::string_view bytes) {
  const auto stored = reads_.find(id);
  if (stored && stored->bytes == bytes) return;
  const bool damaged = stored && stored->whole();
  if (!damaged) replace_.bind(1, id).bind_blob(2, bytes).run();
  if (damaged || connection_.changes() == 0)
    throw SqliteError{SqliteError::Kind::not_a_database, "what is stored of these bytes are others"};
  delete_cut_.bind_blob(1, raw(identity)).run();
}

std::int64_t InboxBodies::put_aside(std::int64_t number, const Identity& identity, std::string_view bytes,
                                    std::uint64_t full_size, std::uint64_t quota_bytes, StoredBytes stored) {
  const auto known = stored == StoredBytes::readable ? this->number(identity) : std::nullopt;
  if (known && reads_.find(*known)) return *known;
  if (reads_.quarantined_bytes() + bytes.size() > quota_bytes) bytes = bytes.substr(0, cut_body_bytes);
  if (known) complete(*known, identity, bytes);  // it was erased
  if (!known) add(number, identity, bytes);
  count_aside(static_cast<std::int64_t>(bytes.size()));
  if (bytes.size() < full_size) cut(identity, full_size);
  return known.value_or(number);
}

void InboxBodies::cut(const Identity& identity, std::uint64_t full_size) {
  insert_cut_.bind_blob(1, raw(identity)).bind(2, static_cast<std::int64_t>(full_size)).run();
}

bool InboxBodies::is_aside(std::int64_t number) {
  const SqliteReset done{is_aside_};
  return is_aside_.bind(1, number).step();
}

void InboxBodies::release_aside(std::int64_t number) {
  if (is_aside(number)) return;
  if (const auto body = find(number)) count_aside(-static_cast<std::int64_t>(body->bytes.size()));
}

// The identity may have another number by now.
void InboxBodies::drop_if_unused(std::int64_t number, const Identity& identity) {
  {
    const SqliteReset done{is_used_};
    if (is_used_.bind(1, number).step()) return;
  }
  delete_.bind(1, number).run();
  if (this->number(identity) != number) return;
  delete_cut_.bind_blob(1, raw(identity)).run();
  numbers_.remove(identity);
}

bool InboxBodies::erase(std::int64_t number, const Identity& identity) {
  const auto body = find(number);
  if (!body) return false;
  if (is_aside(number)) count_aside(-static_cast<std::int64_t>(body->bytes.size()));
  replace_.bind(1, number).bind_blob(2, {}).run();
  cut(identity, std::max<std::uint64_t>(body->size, 1));
  return true;
}

void InboxBodies::count_aside(std::int64_t change) {
  count_aside_.bind(1, change).run();
}

}  // namespace prospero::webhooks
