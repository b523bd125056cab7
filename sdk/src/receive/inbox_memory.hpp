// What the writer of an inbox remembers beside the file, and transactions that undo both together.
#pragma once

#include "inbox_body_numbers.hpp"
#include "inbox_fresh.hpp"
#include "inbox_pending.hpp"
#include "inbox_row_numbers.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// All of it is read from the file when that is opened, and changes with it.
struct InboxMemory {
  /// Throws SqliteError.
  explicit InboxMemory(SqliteConnection& connection)
      : pending(connection), numbers(connection), rows(connection, numbers.last()), fresh(connection) {}

  PendingEntities pending;
  BodyNumbers numbers;
  RowNumbers rows;
  FreshRows fresh;
};

/// As SqliteTransaction, of file and memory.
class InboxTransaction {
 public:
  InboxTransaction(SqliteConnection& connection, InboxMemory& memory) : transaction_(connection), memory_(memory) {}
  ~InboxTransaction() {
    if (committed_) return;
    memory_.pending.undo_to(0);
    memory_.numbers.undo();
    memory_.rows.undo();
  }
  InboxTransaction(const InboxTransaction&) = delete;
  InboxTransaction& operator=(const InboxTransaction&) = delete;

  void commit() {
    transaction_.commit();
    committed_ = true;
    memory_.pending.keep();
    memory_.rows.keep();
    memory_.numbers.keep();
  }

 private:
  SqliteTransaction transaction_;
  InboxMemory& memory_;
  bool committed_ = false;
};

/// As SqliteSavepoint, of file and memory.
class InboxSavepoint {
 public:
  InboxSavepoint(SqliteConnection& connection, InboxMemory& memory)
      : savepoint_(connection),
        memory_(memory),
        pending_(memory.pending.mark()),
        numbers_(memory.numbers.mark()),
        rows_(memory.rows.mark()) {}
  ~InboxSavepoint() {
    if (kept_) return;
    memory_.pending.undo_to(pending_);
    memory_.numbers.undo_to(numbers_);
    memory_.rows.undo_to(rows_);
  }
  InboxSavepoint(const InboxSavepoint&) = delete;
  InboxSavepoint& operator=(const InboxSavepoint&) = delete;

  void keep() {
    savepoint_.keep();
    kept_ = true;
  }

 private:
  SqliteSavepoint savepoint_;
  InboxMemory& memory_;
  PendingEntities::Mark pending_;
  BodyNumbers::Mark numbers_;
  RowNumbers::Mark rows_;
  bool kept_ = false;
};

}  // namespace prospero::webhooks
