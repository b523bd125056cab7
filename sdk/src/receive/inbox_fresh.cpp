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

void FreshRows::add_entry(std::uint64_t seq) {
  index_.bind(1, as_integer(seq)).run();
}

// Rows that cannot be read and got no entry, as what their page holds is damaged, keep the mark where they are.
std::uint64_t FreshRows::target(const HandedOut& out) const {
  for (auto unread = out.unread_until.lower_bound(marked_); unread != out.unread_until.end(); ++unread)
    if (!has_entry(unread->first)) return std::min(from_, unread->first);
  return from_;
}

bool FreshRows::is_mark_due(const HandedOut& out) {
  const std::uint64_t to = target(out);
  if (to < next_mark_) return false;
  next_mark_ = to + rows_per_mark;  // also when writing it fails
  return true;
}

void FreshRows::write_mark(const HandedOut& out) {
  written_ = target(out);
  for (auto seq = out.claimed.lower_bound(marked_); seq != out.claimed.end() && *seq < written_; ++seq) add_entry(*seq);
  set_mark_.bind(1, as_integer(written_)).run();
}

void FreshRows::keep_mark() noexcept {
  marked_ = written_;
  entries_.erase(entries_.begin(), entries_.lower_bound(marked_));
}

}  // namespace prospero::webhooks
