#include "sqlite.hpp"

#include <sqlite3.h>

#include <cstdlib>

#include "sqlite_file_layer.hpp"
#include "sqlite_reads.hpp"

namespace prospero::webhooks {
namespace {

constexpr int busy_wait_ms = 2'000;

SqliteError::Kind kind_of(int code) {
  // Its file of shared memory could not be made, or a file could not grow: SQLite itself does not call this full.
  if (code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_WRITE) return SqliteError::Kind::full;
  if (code == SQLITE_IOERR_READ) return SqliteError::Kind::unread;
  if (code == SQLITE_READONLY_DIRECTORY) return SqliteError::Kind::unopened;
  switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return SqliteError::Kind::not_a_database;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SqliteError::Kind::busy;
    case SQLITE_FULL:
      return SqliteError::Kind::full;
    case SQLITE_CANTOPEN:
      return SqliteError::Kind::unopened;
    default:
      return SqliteError::Kind::other;
  }
}

SqliteError error_of(sqlite3* handle, int code) {
  const std::string words = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  const int extended = handle != nullptr ? sqlite3_extended_errcode(handle) : code;
  return {kind_of(extended), words + " (SQLite code " + std::to_string(extended) + ")"};
}

int flags_of(SqliteMode mode) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case SqliteMode::read_write:
    case SqliteMode::writer:
      return common | SQLITE_OPEN_READWRITE;
    case SqliteMode::read_only:
      return common | SQLITE_OPEN_READONLY;
    case SqliteMode::alone:
      return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case SqliteMode::in_memory:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
  }
  throw std::logic_error("SqliteMode out of range");
}

// A relative name that starts with `:` or `file:` would not be taken literally.
std::string literal(const std::string& file) {
  return file.starts_with('/') ? file : "./" + file;
}

std::string as_uri(const std::string& file) {
  std::string uri = "file:";
  for (const char c : file) {
    if (c == '%') uri += "%25";
    if (c == '?') uri += "%3f";
    if (c == '#') uri += "%23";
    if (c != '%' && c != '?' && c != '#') uri += c;
  }
  return uri + "?immutable=1";
}

std::string name_of(const std::string& file, SqliteMode mode) {
  switch (mode) {
    case SqliteMode::read_write:
    case SqliteMode::writer:
    case SqliteMode::read_only:
      return literal(file);
    case SqliteMode::alone:
      return as_uri(literal(file));
    case SqliteMode::in_memory:
      return ":memory:";
  }
  throw std::logic_error("SqliteMode out of range");
}

// Of what quick_check found: it names the database first, in a line of its own.
std::string first_fault(const std::string& found) {
  const std::size_t end_of_name = found.starts_with("***") ? found.find('\n') : std::string::npos;
  const std::size_t begin = end_of_name == std::string::npos ? 0 : end_of_name + 1;
  return found.substr(begin, found.find('\n', begin) - begin);
}

// Then there was no memory for the page, or the disk did not give it: a number that no page has is told in other words.
bool tells_of_unread_page(const std::string& fault) {
  static constexpr std::string_view with_code = "unable to get the page. error code=";
  if (fault.find("failed to get page ") != std::string::npos) return true;
  const std::size_t at = fault.find(with_code);
  return at != std::string::npos && (std::atoi(fault.c_str() + at + with_code.size()) & 0xff) != SQLITE_CORRUPT;
}

// How long a connection waits for a lock, until it leaves scope.
class BusyWait {
 public:
  BusyWait(sqlite3* handle, int ms) : handle_(handle) { sqlite3_busy_timeout(handle_, ms); }
  ~BusyWait() { sqlite3_busy_timeout(handle_, busy_wait_ms); }
  BusyWait(const BusyWait&) = delete;
  BusyWait& operator=(const BusyWait&) = delete;

 private:
  sqlite3* const handle_;
};

}  // namespace

SqliteConnection::SqliteConnection(const std::string& file, SqliteMode mode) {
  const std::string name = name_of(file, mode);
  if (mode == SqliteMode::writer) file_layer_ = std::make_unique<SqliteFileLayer>();
  if (mode != SqliteMode::in_memory)
    reads_ = std::make_unique<SqliteReads>(file_layer_ ? file_layer_->name() : nullptr);
  const char* layer = reads_ ? reads_->name() : nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle_, flags_of(mode), layer);
  if (code != SQLITE_OK) {
    const SqliteError error = error_of(handle_, code);
    sqlite3_close(handle_);
    throw error;
  }
  sqlite3_busy_timeout(handle_, busy_wait_ms);
}

SqliteConnection::~SqliteConnection() {
  sqlite3_close(handle_);
}

void SqliteConnection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw error_of(handle_, code);
}

std::int64_t SqliteConnection::integer(const char* sql) {
  SqliteStatement statement{*this, sql};
  return statement.step() ? statement.integer(0) : 0;
}

std::string SqliteConnection::text(const char* sql) {
  SqliteStatement statement{*this, sql};
  return statement.step() ? statement.bytes(0) : std::string{};
}

void SqliteConnection::empty_log_at_close(bool on) noexcept {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

bool SqliteConnection::empty_log() {
  const BusyWait none{handle_, 0};
  return integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
}

void SqliteConnection::copy_log_only_when_asked() noexcept {
  const auto count = [](void* frames, sqlite3*, const char*, int now) {
    *static_cast<int*>(frames) = now;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_, count, &log_frames_);  // in place of the one that copies
}

std::optional<int> SqliteConnection::copy_log() noexcept {
  int copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
  return code == SQLITE_OK ? std::optional{copied} : std::nullopt;
}

void SqliteConnection::interrupt() noexcept {
  sqlite3_interrupt(handle_);
}

void SqliteConnection::sync_file() noexcept {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file->pMethods != nullptr)
    file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

bool SqliteConnection::copies_may_be_lost() const noexcept {
  return file_layer_ && file_layer_->copies_may_be_lost();
}

std::string SqliteConnection::fault() {
  const std::uint64_t failed_before = reads_ ? reads_->failed() : 0;
  std::string found = told_by_check();
  if (reads_ && reads_->failed() != failed_before)
    throw SqliteError{SqliteError::Kind::unread, "disk I/O error while it was checked: " + found};
  if (tells_of_unread_page(found)) throw SqliteError{SqliteError::Kind::other, "it could not be checked: " + found};
  return found == "ok" ? "" : found;
}

std::string SqliteConnection::told_by_check() {
  try {
    return first_fault(text("PRAGMA quick_check(1)"));
  } catch (const SqliteError& error) {
    if (error.kind() == SqliteError::Kind::not_a_database) return error.what();
    throw;
  }
}

bool SqliteConnection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle_) == 0;
}

void SqliteConnection::roll_back() noexcept {
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  if (file_layer_ && !in_transaction()) file_layer_->forget_gathered();
}

std::int64_t SqliteConnection::changes() const noexcept {
  return sqlite3_changes64(handle_);
}

std::uint64_t SqliteConnection::bytes_used() {
  const std::int64_t pages = integer("PRAGMA page_count") - integer("PRAGMA freelist_count");
  return static_cast<std::uint64_t>(pages * integer("PRAGMA page_size"));
}

SqliteStatement::SqliteStatement(SqliteConnection& connection, const std::string& sql) : connection_(connection) {
  const int code =
      sqlite3_prepare_v3(connection.handle(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) throw error_of(connection.handle(), code);
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(handle_);
}

SqliteStatement& SqliteStatement::reset() noexcept {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_, index, value);
  if (code != SQLITE_OK) throw error_of(connection_.handle(), code);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  const int code = sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) throw error_of(connection_.handle(), code);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, const std::optional<std::string>& text) {
  if (text) return bind(index, std::string_view{*text});
  const int code = sqlite3_bind_null(handle_, index);
  if (code != SQLITE_OK) throw error_of(connection_.handle(), code);
  return *this;
}

SqliteStatement& SqliteStatement::bind_blob(int index, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  const int code = sqlite3_bind_blob64(handle_, index, data, bytes.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) throw error_of(connection_.handle(), code);
  return *this;
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const SqliteError error = error_of(connection_.handle(), code);
  sqlite3_reset(handle_);
  throw error;
}

void SqliteStatement::run() {
  const SqliteReset reset_at_end{*this};
  while (step()) {
  }
}

bool SqliteStatement::is_null(int column) const noexcept {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_, column);
}

std::string SqliteStatement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return data == nullptr ? std::string{} : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

std::optional<std::string> SqliteStatement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return bytes(column);
}

SqliteTransaction::SqliteTransaction(SqliteConnection& connection) : connection_(connection) {
  if (!connection_.refusal().empty()) throw SqliteError(SqliteError::Kind::other, connection_.refusal());
  connection_.execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (!committed_) connection_.roll_back();
}

void SqliteTransaction::commit() {
  connection_.execute("COMMIT");
  committed_ = true;
}

SqliteSavepoint::SqliteSavepoint(SqliteConnection& connection) : connection_(connection) {
  connection_.execute("SAVEPOINT part");
}

// A failed write may already have rolled back everything; then there is nothing left to undo.
SqliteSavepoint::~SqliteSavepoint() {
  if (open_ && connection_.in_transaction())
    sqlite3_exec(connection_.handle(), "ROLLBACK TO part; RELEASE part", nullptr, nullptr, nullptr);
}

void SqliteSavepoint::keep() {
  connection_.execute("RELEASE part");
  open_ = false;
}

}  // namespace prospero::webhooks
