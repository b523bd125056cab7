#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace mock::store {
namespace {

[[noreturn]] void fail(sqlite3* handle, int code) {
  const std::string text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  throw SqliteError{code & 0xff, text};
}

void check(sqlite3* handle, int code) {
  if (code != SQLITE_OK) fail(handle, code);
}

}  // namespace

Connection::Connection(const std::string& file, const std::string& vfs) {
  // One thread has it at a time, so SQLite needs no lock around each of its calls.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (vfs.empty() ? 0 : SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
  if (code == SQLITE_OK) return;
  const SqliteError error{code & 0xff, handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code)};
  sqlite3_close(handle_);
  throw error;
}

Connection::~Connection() {
  sqlite3_close(handle_);
}

void Connection::exec(const char* sql) {
  check(handle_, sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

std::int64_t Connection::number(const char* sql) {
  Statement statement{*this, sql};
  return statement.step() ? statement.number(0) : 0;
}

std::string Connection::text(const char* sql) {
  Statement statement{*this, sql};
  return statement.step() ? statement.text(0) : std::string{};
}

void Connection::leave_the_log(bool on) {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 1 : 0, nullptr);
}

void Connection::copy_log_only_when_asked() {
  const auto count = [](void* frames, sqlite3*, const char*, int now) {
    *static_cast<int*>(frames) = now;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_, count, &log_frames_);  // in place of the one that copies
}

// The format is fixed: https://www.sqlite.org/fileformat2.html#walformat. The salts of a frame are those of the header
// unless it is left over from before the log began anew, or is a hole.
bool Connection::log_holds(int frame) const {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return true;  // no file, so nothing that could be cut
  std::array<unsigned char, 32> header{};
  std::array<unsigned char, 24> found{};
  int code = log->pMethods->xRead(log, header.data(), header.size(), 0);
  if (code != SQLITE_OK) return code != SQLITE_IOERR_SHORT_READ;
  const sqlite3_int64 page = header[9] << 16 | header[10] << 8 | header[11];  // at most 64 KiB
  if (page == 0) return false;
  const auto at = 32 + (frame - 1) * (24 + page);
  code = log->pMethods->xRead(log, found.data(), found.size(), at);
  if (code != SQLITE_OK) return code != SQLITE_IOERR_SHORT_READ;
  return std::equal(header.begin() + 16, header.begin() + 24, found.begin() + 8);
}

void Connection::copy_log() {
  int frames = 0;
  const int copied = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, nullptr);
  if (copied == SQLITE_OK && frames >= 0) log_frames_ = frames;
}

bool Connection::read_only() const {
  return sqlite3_db_readonly(handle_, "main") == 1;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

std::int64_t Connection::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

Statement::Statement(Connection& connection, const char* sql) : connection_(connection) {
  check(connection.handle(),
        sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  check(connection_.handle(), sqlite3_bind_int64(handle_, parameter, value));
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  check(connection_.handle(), sqlite3_bind_text64(handle_, parameter, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  check(connection_.handle(), sqlite3_bind_blob64(handle_, parameter, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  check(connection_.handle(), sqlite3_bind_null(handle_, parameter));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  // The reset repeats the error; it is the text of the step that is told.
  const SqliteError error{code & 0xff, sqlite3_errmsg(connection_.handle())};
  sqlite3_reset(handle_);
  throw error;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  check(connection_.handle(), sqlite3_reset(handle_));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

void Statement::require_type(int column, bool right, const char* wanted) const {
  if (right) return;
  const auto* name = sqlite3_column_name(handle_, column);
  throw std::runtime_error{std::string{"'"} + (name != nullptr ? name : "?") + "' of a row is no " + wanted};
}

std::int64_t Statement::number(int column) const {
  require_type(column, sqlite3_column_type(handle_, column) == SQLITE_INTEGER, "whole number");
  return sqlite3_column_int64(handle_, column);
}

std::string Statement::text(int column) const {
  const int type = sqlite3_column_type(handle_, column);
  require_type(column, type == SQLITE_TEXT || type == SQLITE_BLOB, "text");
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return data == nullptr ? std::string{}
                         : std::string{data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const {
  if (is_null(column)) return std::nullopt;
  return number(column);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.exec("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (connection_.in_transaction()) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.exec("COMMIT");
}

}  // namespace mock::store
