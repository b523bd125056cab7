#include "inbox_bodies.hpp"

#include <algorithm>

#include "identity.hpp"

namespace prospero::webhooks {

InboxBodies::InboxBodies(SqliteConnection& connection)
    : connection_(connection),
      find_(connection,
            "SELECT b.bytes, coalesce(c.size, length(b.bytes)) FROM body b LEFT JOIN cut_body c ON c.identity = "
            "b.identity"
            " WHERE b.identity = ?1"),
      insert_(connection, "INSERT OR IGNORE INTO body (identity, bytes) VALUES (?1, ?2)"),
      find_cut_(connection, "SELECT 1 FROM cut_body WHERE identity = ?1"),
      replace_(connection, "UPDATE body SET bytes = ?2 WHERE identity = ?1"),
      insert_cut_(connection, "INSERT INTO cut_body (identity, size) VALUES (?1, ?2)"),
      delete_(connection, "DELETE FROM body WHERE identity = ?1"),
      delete_cut_(connection, "DELETE FROM cut_body WHERE identity = ?1"),
      is_used_(connection, "SELECT 1 FROM arrival WHERE identity = ?1 LIMIT 1"),
      is_aside_(connection, "SELECT 1 FROM arrival WHERE identity = ?1 AND state = 'quarantined' LIMIT 1"),
      aside_bytes_(connection, "SELECT value FROM mark WHERE name = 'quarantined_bytes'"),
      count_aside_(connection, "UPDATE mark SET value = max(0, value + ?1) WHERE name = 'quarantined_bytes'") {}

std::optional<StoredBody> InboxBodies::find(const Identity& identity) {
  const SqliteReset done{find_};
  if (!find_.bind_blob(1, raw(identity)).step()) return std::nullopt;
  return StoredBody{find_.bytes(0), static_cast<std::uint64_t>(find_.integer(1))};
}

void InboxBodies::put(const Identity& identity, std::string_view bytes) {
  insert_.bind_blob(1, raw(identity)).bind_blob(2, bytes).run();
  if (connection_.changes() > 0) return;
  {
    const SqliteReset done{find_cut_};
    if (!find_cut_.bind_blob(1, raw(identity)).step()) return;
  }
  replace_.bind_blob(1, raw(identity)).bind_blob(2, bytes).run();
  delete_cut_.bind_blob(1, raw(identity)).run();
}

void InboxBodies::put_aside(const Identity& identity, std::string_view bytes, std::uint64_t full_size,
                            std::uint64_t quota_bytes) {
  if (quarantined_bytes() + bytes.size() > quota_bytes) bytes = bytes.substr(0, cut_body_bytes);
  insert_.bind_blob(1, raw(identity)).bind_blob(2, bytes).run();
  if (connection_.changes() == 0) return;
  count_aside(static_cast<std::int64_t>(bytes.size()));
  if (bytes.size() < full_size)
    insert_cut_.bind_blob(1, raw(identity)).bind(2, static_cast<std::int64_t>(full_size)).run();
}

void InboxBodies::release_aside(const Identity& identity) {
  {
    const SqliteReset done{is_aside_};
    if (is_aside_.bind_blob(1, raw(identity)).step()) return;
  }
  if (const auto body = find(identity)) count_aside(-static_cast<std::int64_t>(body->bytes.size()));
}

std::uint64_t InboxBodies::drop_if_unused(const Identity& identity) {
  {
    const SqliteReset done{is_used_};
    if (is_used_.bind_blob(1, raw(identity)).step()) return 0;
  }
  const auto body = find(identity);
  if (!body) return 0;
  drop(identity);
  return body->bytes.size();
}

bool InboxBodies::drop(const Identity& identity) {
  delete_cut_.bind_blob(1, raw(identity)).run();
  delete_.bind_blob(1, raw(identity)).run();
  return connection_.changes() > 0;
}

std::uint64_t InboxBodies::quarantined_bytes() {
  const SqliteReset done{aside_bytes_};
  return aside_bytes_.step() ? static_cast<std::uint64_t>(aside_bytes_.integer(0)) : 0;
}

void InboxBodies::count_aside(std::int64_t change) {
  count_aside_.bind(1, change).run();
}

}  // namespace prospero::webhooks
