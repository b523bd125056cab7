// SQLite as C++ objects: what is opened is closed, what fails throws. SQLite's own header stays in the .cpp files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace mock::store {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
  int code() const noexcept { return code_; }  ///< SQLite's primary result code

 private:
  int code_;
};

/// Not thread-safe. Every failure is a SqliteError.
class Connection {
 public:
  /// Opens an existing file for reading and writing. `vfs` names one of SQLite's file layers; empty: the usual one.
  /// Another one makes the file if it is missing.
  Connection(const std::string& file, const std::string& vfs);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void exec(const char* sql);
  std::int64_t number(const char* sql);  ///< the first column of the first row
  bool read_only() const;
  std::string text(const char* sql);  ///< likewise
  void leave_the_log(bool on);        ///< at the end the log is not merged into the file: both stay as they are
  bool in_transaction() const;
  std::int64_t last_row() const;  ///< rowid of the latest INSERT
  sqlite3* handle() const noexcept { return handle_; }

  // SQLite's log is a header and frames, each a page of the file.
  void copy_log_only_when_asked();
  int log_frames() const noexcept { return log_frames_; }  ///< as of the latest commit or copy since then; 0 before
  bool log_holds(int frame) const;                         ///< the file has this frame, from 1, or cannot be read
  void copy_log();  ///< into the file; what cannot be copied now stays in the log

 private:
  sqlite3* handle_ = nullptr;
  int log_frames_ = 0;
};

/// A prepared statement, for many uses. Parameters count from 1, columns from 0. A bound text must live until run() or
/// the last step().
class Statement {
 public:
  Statement(Connection& connection, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind_blob(int parameter, std::string_view bytes);
  Statement& bind_null(int parameter);
  template <class T>
  Statement& bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bind_null(parameter);
  }

  bool step();   ///< true: there is a row
  void run();    ///< to the end, then ready for the next use
  void reset();  ///< ready for the next use

  // SQLite converts what is not of the type that is asked for; these throw std::runtime_error, naming the column.
  bool is_null(int column) const;
  std::int64_t number(int column) const;
  std::string text(int column) const;
  std::optional<std::string> optional_text(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;

 private:
  void require_type(int column, bool right, const char* wanted) const;

  Connection& connection_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Rolls back at its end unless commit() came through.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
};

}  // namespace mock::store
