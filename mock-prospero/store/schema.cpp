#include "store/schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/log_beside.hpp"
#include "store/words.hpp"

namespace mock::store {
namespace {

constexpr const char* first_tables = R"(
  CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE organizations(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
  CREATE TABLE entities(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, org_id TEXT NOT NULL, family TEXT NOT NULL,
    updated_at INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE webhooks(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, org_id TEXT NOT NULL, url TEXT NOT NULL, url_key TEXT NOT NULL,
    events TEXT NOT NULL, enabled INTEGER NOT NULL, deleted INTEGER NOT NULL, consecutive_failures INTEGER NOT NULL,
    first_failure_at INTEGER, disabled_at INTEGER, epoch INTEGER NOT NULL);
  CREATE TABLE bodies(seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE deliveries(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, webhook_id TEXT NOT NULL, event TEXT NOT NULL, entity_id TEXT,
    body INTEGER NOT NULL, created_at INTEGER NOT NULL, resend_of TEXT, state TEXT NOT NULL, reason TEXT,
    next_attempt_at INTEGER, lost_at INTEGER, lost_seq INTEGER);
  CREATE TABLE attempts(
    delivery INTEGER NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, epoch INTEGER NOT NULL,
    scheduled_at INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT, status INTEGER,
    detail TEXT NOT NULL, uncertain INTEGER NOT NULL, dns INTEGER, connect INTEGER, tls INTEGER, send INTEGER,
    wait INTEGER, PRIMARY KEY(delivery, position)) WITHOUT ROWID;
)";

// A delivery that came through is told by its last attempt, whose row is written anyway. The view says what that means.
constexpr const char* fewer_writes = R"(
  CREATE TABLE attempts_by_seq(
    seq INTEGER PRIMARY KEY, number INTEGER NOT NULL, epoch INTEGER NOT NULL, scheduled_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT, status INTEGER, detail TEXT NOT NULL,
    uncertain INTEGER NOT NULL, dns INTEGER, connect INTEGER, tls INTEGER, send INTEGER, wait INTEGER);
  INSERT INTO attempts_by_seq
    SELECT delivery * 1048576 + position, number, epoch, scheduled_at, started_at, ended_at, outcome, status, detail,
           uncertain, dns, connect, tls, send, wait
    FROM attempts ORDER BY delivery, position;
  DROP TABLE attempts;
  ALTER TABLE attempts_by_seq RENAME TO attempts;
  ALTER TABLE deliveries RENAME COLUMN state TO state_unless_ok;
  CREATE VIEW delivery_states AS
    SELECT seq, id, CASE WHEN EXISTS(
        SELECT 1 FROM attempts AS a
        WHERE a.seq >= d.seq * 1048576 AND a.seq < (d.seq + 1) * 1048576 AND a.outcome = 'ok')
      THEN 'delivered' ELSE state_unless_ok END AS state
    FROM deliveries AS d;
)";
static_assert(attempts_per_delivery == 1'048'576);

constexpr const char* answers = "ALTER TABLE attempts ADD COLUMN answer TEXT";

// Entry n brings version n to version n + 1.
constexpr std::array migrations{first_tables, fewer_writes, answers};
static_assert(migrations.size() == schema_version);

// A file that holds nothing yet is ours to fill: a crash may have come between making it and the first commit.
void require_ours(Connection& connection, const std::string& file) {
  const auto id = connection.number("PRAGMA application_id");
  const auto version = connection.number("PRAGMA user_version");
  const bool empty = id == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (id != application_id && !empty) {
    throw Unusable{fmt::format("--store {}: this database belongs to another program: name another file", file)};
  }
  if (version > schema_version) {
    throw Unusable{
        fmt::format("--store {}: written by a newer mock-prospero (version {} of the tables, this program "
                    "knows {}): use that program, or name another file",
                    file, version, schema_version)};
  }
  if (version < 0 || (version == 0 && !empty)) {
    throw Unusable{fmt::format("--store {}: is damaged (no version {} of the tables ever was): {}", file, version,
                               bring_back_a_copy(file))};
  }
}

void sync_folder_of(const std::string& file) {
  auto folder = std::filesystem::path{file}.parent_path();
  if (folder.empty()) folder = ".";
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = handle >= 0 && ::fsync(handle) == 0;
  const int error = errno;
  if (handle >= 0) ::close(handle);
  if (!synced) throw Unusable{fmt::format("--store {}: its folder cannot be synced: {}", file, std::strerror(error))};
}

Unusable not_a_database(const std::string& file) {
  return Unusable{fmt::format("--store {}: is no SQLite database: name another file", file)};
}

}  // namespace

bool make_file(const std::string& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (handle < 0 && errno == EEXIST) {
    struct stat found {};
    const bool is_there = ::stat(file.c_str(), &found) == 0;
    if (is_there && !S_ISREG(found.st_mode)) {
      throw Unusable{fmt::format("--store {}: is no regular file: name another one", file)};
    }
    if (is_there && found.st_size == 1) throw not_a_database(file);  // SQLite takes it for an empty one
    const bool is_empty = is_there && found.st_size == 0;
    if (is_empty) ::chmod(file.c_str(), S_IRUSR | S_IWUSR);  // secret URLs go into it; what is not ours shows later
    return false;
  }
  if (handle < 0) {
    throw Unusable{fmt::format("--store {}: cannot be made: {}: name a file in a folder that you may write to", file,
                               std::strerror(errno))};
  }
  ::close(handle);
  sync_folder_of(file);
  return true;
}

void prepare(Connection& connection, const std::string& file) {
  if (connection.read_only()) {
    throw Unusable{fmt::format("--store {}: may only be read: make it writable, or name another file", file)};
  }
  // In WAL mode an exclusive lock lasts as long as the process, and the kernel frees it however that ends.
  connection.exec("PRAGMA locking_mode = EXCLUSIVE");
  require_ours(connection, file);
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  connection.exec(fmt::format("PRAGMA journal_size_limit = {}", log_bytes_kept).c_str());
}

std::unique_ptr<Transaction> update_tables(Connection& connection) {
  auto version = connection.number("PRAGMA user_version");
  if (version == schema_version) return nullptr;
  auto transaction = std::make_unique<Transaction>(connection);
  for (; version < schema_version; ++version) connection.exec(migrations.at(static_cast<std::size_t>(version)));
  connection.exec(fmt::format("PRAGMA application_id = {}", application_id).c_str());
  connection.exec(fmt::format("PRAGMA user_version = {}", schema_version).c_str());
  return transaction;
}

Unusable unusable(const std::string& file, const SqliteError& error) {
  switch (error.code()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unusable{
          fmt::format("--store {}: in use by another process, such as another serve: stop that one first", file)};
    case SQLITE_NOTADB:
      return not_a_database(file);
    case SQLITE_CORRUPT:
      return Unusable{
          fmt::format("--store {}: is damaged ({}): {}", file, shown(error.what()), bring_back_a_copy(file))};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return Unusable{
          fmt::format("--store {}: cannot be opened for writing ({}): look at the rights of the file and "
                      "its folder",
                      file, shown(error.what()))};
    case SQLITE_FULL:
      return Unusable{fmt::format("--store {}: the disk is full: make space and start again", file)};
    default:
      return Unusable{fmt::format("--store {}: {}", file, shown(error.what()))};
  }
}

}  // namespace mock::store
