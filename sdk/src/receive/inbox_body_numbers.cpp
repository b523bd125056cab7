#include "inbox_body_numbers.hpp"

#include <algorithm>
#include <new>

#include "identity.hpp"
#include "inbox_rows.hpp"

namespace prospero::webhooks {
namespace {

// So many at a time that several share a page even of a large table, at 50 to 95 bytes of memory for each.
constexpr std::size_t newest_max = 65'536;

const char* const find_sql = "SELECT body FROM body_number WHERE identity = ?1";
const char* const newer_sql = "SELECT id, identity FROM body WHERE id > ?1 ORDER BY id";
const char* const newer_by_rows_sql =
    "SELECT body, identity FROM arrival WHERE seq > ?1 AND body = seq UNION ALL SELECT body, identity FROM arrival"
    " INDEXED BY arrival_body WHERE body <> seq AND body > ?1 ORDER BY body";
const char* const numbered_to_sql = "SELECT value FROM mark WHERE name = 'numbered_to'";

std::optional<std::int64_t> find_in_table(SqliteStatement& find, const Identity& identity) {
  const SqliteReset done{find};
  return find.bind_blob(1, raw(identity)).step() ? std::optional{find.integer(0)} : std::nullopt;
}

std::int64_t first_integer(SqliteStatement& statement) {
  const SqliteReset done{statement};
  return statement.step() ? statement.integer(0) : 0;
}

// Gives the last number.
std::int64_t read_all(SqliteStatement& newer, std::int64_t after, NumbersByIdentity& into) {
  const SqliteReset done{newer};
  newer.bind(1, after);
  std::int64_t last = after;
  while (newer.step()) {
    last = newer.integer(0);
    into.insert_or_assign(identity_from(newer.bytes(1)), last);
  }
  return last;
}

// There may be bodies without rows. Where this cannot be read, no body can be stored.
std::int64_t last_body(SqliteConnection& connection) {
  try {
    return connection.integer("SELECT max(id) FROM body");
  } catch (const SqliteError& error) {
    if (error.kind() != SqliteError::Kind::not_a_database) throw;
    return 0;
  }
}

// A page of bodies that is damaged must not keep the others from being used: their rows know the numbers as well.
std::int64_t read_newer(SqliteStatement& newer, SqliteStatement& by_rows, std::int64_t after, NumbersByIdentity& into) {
  try {
    return read_all(newer, after, into);
  } catch (const SqliteError& error) {
    if (error.kind() != SqliteError::Kind::not_a_database) throw;
  }
  return read_all(by_rows, after, into);
}

}  // namespace

BodyNumbers::BodyNumbers(SqliteConnection& connection)
    : find_(connection, find_sql),
      insert_(connection, "INSERT OR REPLACE INTO body_number (identity, body) VALUES (?1, ?2)"),
      delete_(connection, "DELETE FROM body_number WHERE identity = ?1"),
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES ('numbered_to', ?1)"),
      in_table_(connection) {
  SqliteStatement numbered_to{connection, numbered_to_sql}, newer{connection, newer_sql},
      by_rows{connection, newer_by_rows_sql};
  last_ = read_newer(newer, by_rows, first_integer(numbered_to), newest_);
  last_ = std::max(last_, last_body(connection));
}

std::optional<std::int64_t> BodyNumbers::find(const Identity& identity) {
  if (const auto newest = newest_.find(identity); newest != newest_.end()) return newest->second;
  if (const auto due = find_due(identity); due != due_.end())
    return due->number > 0 ? std::optional{due->number} : std::nullopt;
  return in_table_.may_have(identity) ? find_in_table(find_, identity) : std::nullopt;
}

void BodyNumbers::add(const Identity& identity, std::int64_t number) {
  const auto [newest, added] = newest_.try_emplace(identity, number);
  changes_.push_back({{identity, added ? 0 : newest->second}, false});
  newest->second = number;
}

void BodyNumbers::remove(const Identity& identity) {
  delete_.bind_blob(1, raw(identity)).run();
  if (const auto newest = newest_.find(identity); newest != newest_.end()) {
    changes_.push_back({{identity, newest->second}, false});
    newest_.erase(newest);
  }
  if (const auto due = find_due(identity); due != due_.end()) {
    changes_.push_back({*due, true});
    due->number = 0;
  }
}

std::vector<BodyNumbers::Entry>::iterator BodyNumbers::find_due(const Identity& identity) {
  const auto at = std::lower_bound(due_.begin(), due_.end(), identity,
                                   [](const Entry& one, const Identity& sought) { return one.identity < sought; });
  return at != due_.end() && at->identity == identity ? at : due_.end();
}

void BodyNumbers::write_some(std::size_t most) {
  if (due_.empty()) return;
  for (; most > 0 && written_ < due_.size(); ++written_, --most) {
    const Entry& one = due_[written_];
    if (one.number <= 0) continue;
    in_table_.add(one.identity);
    insert_.bind_blob(1, raw(one.identity)).bind(2, one.number).run();
  }
  if (written_ == due_.size()) set_mark_.bind(1, last_due_).run();
}

void BodyNumbers::undo_to(Mark mark) noexcept {
  for (; changes_.size() > mark; changes_.pop_back()) {
    const auto& [before, due] = changes_.back();
    if (due)
      find_due(before.identity)->number = before.number;
    else if (before.number > 0)
      newest_.insert_or_assign(before.identity, before.number);
    else
      newest_.erase(before.identity);
  }
}

void BodyNumbers::undo() noexcept {
  undo_to(0);
  written_ = kept_;
}

void BodyNumbers::keep() noexcept {
  changes_.clear();
  kept_ = written_;
  if (!due_.empty() && written_ == due_.size()) {
    due_ = {};
    written_ = kept_ = 0;
  }
  if (due_.empty() && newest_.size() >= newest_max) make_due();
}

// Without the memory for it another commit does it.
void BodyNumbers::make_due() noexcept {
  try {
    due_.reserve(newest_.size());
  } catch (const std::bad_alloc&) {
    return;
  }
  for (const auto& [identity, number] : newest_) {
    due_.push_back({identity, number});
    last_due_ = std::max(last_due_, number);
  }
  std::sort(due_.begin(), due_.end(), [](const Entry& a, const Entry& b) { return a.identity < b.identity; });
  newest_ = {};
}

BodyNumbersView::BodyNumbersView(SqliteConnection& connection)
    : find_(connection, find_sql),
      is_there_(connection, "SELECT 1 FROM body WHERE id = ?1 AND identity = ?2"),
      numbered_to_(connection, numbered_to_sql),
      newer_(connection, newer_sql),
      newer_by_rows_(connection, newer_by_rows_sql) {}

std::optional<std::int64_t> BodyNumbersView::find(const Identity& identity) {
  if (const auto newest = find_newest(identity)) return newest;
  if (const auto number = find_in_table(find_, identity)) return number;
  catch_up();
  if (const auto newest = find_newest(identity)) return newest;
  return find_in_table(find_, identity);  // it may have moved there since the look above
}

// The one who writes may have removed the body since.
std::optional<std::int64_t> BodyNumbersView::find_newest(const Identity& identity) {
  const auto newest = newest_.find(identity);
  if (newest == newest_.end()) return std::nullopt;
  const SqliteReset done{is_there_};
  if (is_there_.bind(1, newest->second).bind_blob(2, raw(identity)).step()) return newest->second;
  newest_.erase(newest);
  return std::nullopt;
}

void BodyNumbersView::catch_up() {
  if (const auto numbered_to = first_integer(numbered_to_); numbered_to != seen_numbered_to_) {
    newest_ = {};
    last_ = seen_numbered_to_ = numbered_to;
  }
  last_ = read_newer(newer_, newer_by_rows_, last_, newest_);
}

}  // namespace prospero::webhooks
