// Numbers of arrivals and bodies.
#pragma once

#include <cstdint>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// A body has the number of the first row that needed it, so that only the later ones of its rows need an entry in
/// index `arrival_body`. Each number is given once, also after the rows that had the last ones were removed: a
/// done-mark names a row by it. SQLite's AUTOINCREMENT promises that too, but writes a second table for each row.
///
/// What a transaction changed is settled with keep(), or undone with undo_to().
class RowNumbers {
 public:
  using Mark = std::int64_t;

  /// Throws SqliteError, as removed() does.
  RowNumbers(SqliteConnection& connection, std::int64_t last_body);

  std::int64_t next() noexcept { return ++last_; }
  /// To be told of each row that is removed, in the same transaction.
  void removed(std::int64_t number);

  Mark mark() const noexcept { return last_; }
  void undo_to(Mark mark) noexcept { last_ = mark; }
  void undo() noexcept { last_ = kept_; }
  void keep() noexcept { kept_ = last_; }

 private:
  SqliteStatement remember_;
  std::int64_t last_, kept_;
};

}  // namespace prospero::webhooks
