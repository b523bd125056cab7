// What an operator asks of the inbox: tasks within the writer's transactions, in small steps.
#include <algorithm>
#include <optional>

#include "sqlite_inbox.hpp"

namespace prospero::webhooks {
namespace {

// While it lives, deleted bytes are overwritten instead of being left in free pages.
class SecureDelete {
 public:
  explicit SecureDelete(SqliteConnection& connection) : statement_off_(connection, "PRAGMA secure_delete = OFF") {
    connection.integer("PRAGMA secure_delete = ON");
  }
  ~SecureDelete() {
    statement_off_.step();
    statement_off_.reset();
  }
  SecureDelete(const SecureDelete&) = delete;
  SecureDelete& operator=(const SecureDelete&) = delete;

 private:
  SqliteStatement statement_off_;
};

}  // namespace

std::uint64_t SqliteInbox::change(const std::function<std::uint64_t()>& task) {
  std::uint64_t changed = 0;
  std::optional<InboxError> refusal;
  // A refusal must not undo what shares the transaction; it comes before anything was changed.
  const StoreResult written = submit_and_wait(Task{[&] {
    try {
      changed = task();
    } catch (const InboxError& error) {
      refusal = error;
    }
  }});
  if (!written.durable()) throw InboxError("inbox " + name_ + " was not changed: " + written.error);
  if (refusal) throw *refusal;
  wake();
  return changed;
}

std::uint64_t SqliteInbox::change_rows(const RowSelection& rows,
                                       const std::function<std::uint64_t(std::uint64_t)>& one) {
  std::uint64_t changed = 0;
  if (rows.kind == RowSelection::Kind::named) {
    for (const std::uint64_t seq : rows.seqs) changed += change([&] { return one(seq); });
    return changed;
  }
  // Rows that come in meanwhile, replayed ones among them, are not meant.
  const std::uint64_t last = reading_own([&] { return upkeep_->last_seq(); });
  for (std::uint64_t after = 0;;) {
    std::uint64_t found = 0;
    changed += change([&] {
      std::uint64_t done = 0;
      for (const std::uint64_t seq : upkeep_->rows_of(rows.kind, after, last)) {
        ++found;
        after = seq;
        try {
          done += one(seq);
        } catch (const InboxError&) {
          continue;  // one without its payload: the others are not to blame, and the count tells
        }
      }
      return done;
    });
    if (found == 0) return changed;
  }
}

std::uint64_t SqliteInbox::retry(const RowSelection& rows) {
  return change_rows(rows, [this](std::uint64_t seq) {
    upkeep_->retry(seq);
    return std::uint64_t{1};
  });
}

std::uint64_t SqliteInbox::replay(const RowSelection& rows) {
  return change_rows(rows, [&](std::uint64_t seq) {
    if (upkeep_->replay(seq)) return std::uint64_t{1};
    if (rows.kind == RowSelection::Kind::named)
      throw InboxError("inbox row " + std::to_string(seq) + " is still no push that this version understands");
    return std::uint64_t{0};
  });
}

std::uint64_t SqliteInbox::purge(InboxTime before) {
  std::uint64_t removed = 0;
  for (;;) {
    const std::uint64_t step = change([&] { return upkeep_->purge_step(before); });
    if (step == 0) return removed;
    removed += step;
  }
}

std::uint64_t SqliteInbox::erase(std::string_view family, std::string_view entity_id) {
  std::string entity{family};
  entity += '/';
  for (const char c : entity_id) entity += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::uint64_t bodies = change([&] {
    const SecureDelete overwriting{*write_connection_};
    return upkeep_->erase(entity, out_);
  });
  // The log still has the bytes until it is emptied into the file.
  reading_own([&] {
    if (file_) write_connection_->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return 0;
  });
  return bodies;
}

}  // namespace prospero::webhooks
