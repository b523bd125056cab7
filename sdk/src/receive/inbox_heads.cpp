#include "inbox_heads.hpp"

#include "identity.hpp"
#include "inbox_rows.hpp"

namespace prospero::webhooks {
namespace {

Change change_from(const std::string& text) {
  const auto change = change_from_text(text);
  if (!change) throw damaged("an unknown kind of change");
  return *change;
}

}  // namespace

InboxHeads::InboxHeads(SqliteConnection& connection)
    : find_(connection, "SELECT identity, change, changed_s, changed_ns, unsure FROM head WHERE entity = ?1"),
      put_(connection,
           "INSERT OR REPLACE INTO head (entity, identity, change, changed_s, changed_ns, unsure, handled_at)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)") {}

std::optional<Head> InboxHeads::find(const std::string& entity) {
  const SqliteReset done{find_};
  if (!find_.bind(1, std::string_view{entity}).step()) return std::nullopt;
  Head head;
  head.push.identity = identity_from(find_.bytes(0));
  head.push.change = change_from(find_.bytes(1));
  if (!find_.is_null(2))
    head.push.changed_at = Timestamp{find_.integer(2), static_cast<std::uint32_t>(find_.integer(3))};
  head.unsure = find_.integer(4) != 0;
  return head;
}

void InboxHeads::put(const std::string& entity, const Head& head, InboxTime now) {
  put_.bind(1, std::string_view{entity})
      .bind_blob(2, raw(head.push.identity))
      .bind(3, to_text(head.push.change))
      .bind(6, std::int64_t{head.unsure})
      .bind(7, now.time_since_epoch().count());
  if (head.push.changed_at)  // else they stay unbound, that is NULL
    put_.bind(4, head.push.changed_at->seconds).bind(5, std::int64_t{head.push.changed_at->nanoseconds});
  put_.run();
}

}  // namespace prospero::webhooks
