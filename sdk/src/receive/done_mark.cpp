#include <prospero/webhooks/receive/done_mark.hpp>

#include <sqlite3.h>

#include <memory>
#include <string>

#include "identity.hpp"

namespace prospero::webhooks {
namespace {

// In place of a time; "there": the entity exists, and its time is unknown.
constexpr std::string_view gone = "gone", there = "there";

struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

[[noreturn]] void fail(sqlite3* db) {
  throw DoneMarkError(std::string{"the application's database cannot keep a done-mark: "} + sqlite3_errmsg(db));
}

Statement prepared(sqlite3* db, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) != SQLITE_OK) fail(db);
  return Statement{statement};
}

void bind_key(const Statement& statement, const Identity& identity, std::uint64_t seq) {
  const auto bytes = raw(identity);
  sqlite3_bind_blob64(statement.get(), 1, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  sqlite3_bind_int64(statement.get(), 2, static_cast<sqlite3_int64>(seq));
}

bool has_row(sqlite3* db, const Statement& statement) {
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(db);
  return code == SQLITE_ROW;
}

std::optional<std::string> text_of(const std::optional<Observation>& observation) {
  if (!observation) return std::nullopt;
  if (observation->gone) return std::string{gone};
  return observation->changed_at ? to_text(*observation->changed_at) : std::string{there};
}

std::optional<Observation> observation_from(const char* text) {
  if (text == nullptr) return std::nullopt;
  if (text == gone) return Observation{true, std::nullopt};
  return Observation{false, text == there ? std::nullopt : Timestamp::from_rfc3339(text)};
}

}  // namespace

void make_done_marks(sqlite3* db) {
  has_row(db, prepared(db,
                       "CREATE TABLE IF NOT EXISTS prospero_done_mark (seq INTEGER NOT NULL, identity BLOB NOT NULL,"
                       " observed TEXT, PRIMARY KEY (seq, identity)) WITHOUT ROWID"));
}

void write_done_mark(sqlite3* db, const Delivery& how) {
  const auto insert =
      prepared(db, "INSERT OR REPLACE INTO prospero_done_mark (identity, seq, observed) VALUES (?1, ?2, ?3)");
  bind_key(insert, how.identity, how.seq);
  if (const auto observed = text_of(how.observation))
    sqlite3_bind_text64(insert.get(), 3, observed->data(), observed->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  has_row(db, insert);
}

std::optional<DoneMark> find_done_mark(sqlite3* db, const Identity& identity, std::uint64_t seq) {
  const auto find = prepared(db, "SELECT observed FROM prospero_done_mark WHERE identity = ?1 AND seq = ?2");
  bind_key(find, identity, seq);
  if (!has_row(db, find)) return std::nullopt;
  return DoneMark{observation_from(reinterpret_cast<const char*>(sqlite3_column_text(find.get(), 0)))};
}

void forget_done_marks_below(sqlite3* db, std::uint64_t seq) {
  const auto forget = prepared(db, "DELETE FROM prospero_done_mark WHERE seq < ?1");
  sqlite3_bind_int64(forget.get(), 1, static_cast<sqlite3_int64>(seq));
  has_row(db, forget);
}

}  // namespace prospero::webhooks
