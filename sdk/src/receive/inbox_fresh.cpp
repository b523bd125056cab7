#include "inbox_fresh.hpp"

#include <algorithm>

#include "inbox_rows.hpp"

namespace prospero::webhooks {

const std::string is_fresh = "state = 'pending' AND waits = -1";
const std::string fresh_from = "(SELECT coalesce((SELECT value FROM mark WHERE name = 'fresh_from'), 0))";

FreshRows::FreshRows(SqliteConnection& connection)
    : index_(connection, "UPDATE arrival SET waits = 0 WHERE seq = ?1 AND waits = -1"),
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES ('fresh_from', ?1)"),
      marked_(static_cast<std::uint64_t>(connection.integer(("SELECT " + fresh_from).c_str()))),
      written_(marked_),
      from_(marked_),
      next_mark_(marked_ + rows_per_mark) {}

// What cannot be read gets no entry: writing what is damaged would fail. Such rows keep the mark where they are.
std::uint64_t FreshRows::target(const HandedOut& out) const noexcept {
  const auto unread = out.unread_until.lower_bound(marked_);
  return unread == out.unread_until.end() ? from_ : std::min(from_, unread->first);
}

void FreshRows::write_mark(const HandedOut& out) {
  const std::uint64_t to = target(out);
  next_mark_ = to + rows_per_mark;  // also when this fails
  for (auto seq = out.claimed.lower_bound(marked_); seq != out.claimed.end() && *seq < to; ++seq)
    index_.bind(1, as_integer(*seq)).run();
  set_mark_.bind(1, as_integer(to)).run();
  written_ = to;
}

}  // namespace prospero::webhooks
