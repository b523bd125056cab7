#include "sqlite_inbox_view.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "inbox_clock.hpp"
#include "inbox_errors.hpp"
#include "inbox_file.hpp"
#include "inbox_schema.hpp"

namespace prospero::webhooks {
namespace {

bool may(int how, const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0;
}

// A file with a log is read with the help of one more beside it, which SQLite has to make.
InboxError explain_view(const std::string& file, const SqliteError& error) {
  if (error.kind() != SqliteError::Kind::unopened) return explain(file, error);
  std::error_code unknown;
  const std::string folder = std::filesystem::absolute(file, unknown).parent_path().string();
  if (unknown || !may(R_OK, file) || may(W_OK, folder)) return explain(file, error);
  return InboxError("inbox " + file + " is in a folder that cannot be written, where SQLite needs a file " + file +
                    "-shm to read it (" + error.what() + "): copy it, and " + file +
                    "-wal if there is one, into a folder that can be written, and name the copy");
}

}  // namespace

SqliteInboxView::SqliteInboxView(const std::string& file) : file_(file), lock_file_(lock_file_of(file)) {
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable))
    throw InboxError("inbox " + file + " does not exist: name the file that the consumer was given with --inbox");
  try {
    connection_ = std::make_unique<SqliteConnection>(file, SqliteMode::read_only);
    check_inbox_version(*connection_, file);
    reads_ = std::make_unique<InboxReads>(*connection_);
  } catch (const SqliteError& error) {
    throw explain_view(file, error);
  }
}

template <class Read>
auto SqliteInboxView::reading(const Read& read) {
  const std::lock_guard hold{mutex_};
  try {
    return read();
  } catch (const SqliteError& error) {
    throw explain_view(file_, error);
  }
}

InboxPage SqliteInboxView::list(std::optional<std::uint64_t> cursor, std::size_t limit) {
  return reading([&] { return reads_->list(cursor, limit); });
}

std::optional<InboxRow> SqliteInboxView::find(std::uint64_t seq) {
  return reading([&] { return reads_->find(seq); });
}

std::optional<StoredBody> SqliteInboxView::body(const Identity& identity) {
  return reading([&] { return reads_->body(identity); });
}

void SqliteInboxView::witness(const std::function<void(const WitnessLine&)>& line) {
  reading([&] { reads_->witness(line); });
}

InboxCounts SqliteInboxView::counts() {
  return reading([&] {
    InboxCounts counts = reads_->counts();
    counts.last_push_at = last_pushes(reads_->silence(wall_clock()));
    return counts;
  });
}

// What is a silence is the consumer's to say, which writes it down.
std::vector<Gap> SqliteInboxView::gaps(InboxTime now) {
  return reading([&] {
    GapRules failures_only;
    failures_only.silence_max = std::chrono::milliseconds{0};
    const FailedRows failed = read_note(lock_file_).value_or(FailedRows{});
    SilenceStates states = reads_->silence(now);
    add_failed_rows(states, failed, failures_only);
    std::vector<Gap> gaps = reads_->gaps(now, GapRules{});
    add_unwritten(gaps, states, now, failures_only);
    return gaps;
  });
}

}  // namespace prospero::webhooks
