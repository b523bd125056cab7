// As much of SQLite as the inbox needs: a connection and prepared statements, errors as exceptions. SQLite's own header
// is seen by sqlite.cpp and the file layers only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace prospero::webhooks {

class SqliteFileLayer;
class SqliteReads;

/// A failed call of SQLite: its own words, and which of the kinds that callers tell apart.
class SqliteError : public std::runtime_error {
 public:
  enum class Kind {
    not_a_database,
    busy,
    full,
    unread,    ///< the disk did not give what is in the file: it may later, and nothing is known to be damaged
    unopened,  ///< the file, or what SQLite keeps beside it
    other
  };

  SqliteError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }
  /// The file is damaged where it was read, or the disk did not give it.
  bool is_unreadable() const noexcept { return kind_ == Kind::not_a_database || kind_ == Kind::unread; }

 private:
  Kind kind_;
};

enum class SqliteMode {
  read_write,
  writer,  ///< read_write, with fewer and larger calls of the system: only with `synchronous = FULL`
  read_only,
  alone,  ///< read-only, and as if no log were beside it
  in_memory,
};

/// One connection. Not for two threads at once. Every member throws SqliteError.
class SqliteConnection {
 public:
  /// `file` is taken literally, never as a URI; ignored for in_memory.
  SqliteConnection(const std::string& file, SqliteMode mode);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// Runs statements that give no rows or whose rows do not matter.
  void execute(const char* sql);
  /// The first column of the first row as an integer; 0 when there is no row.
  std::int64_t integer(const char* sql);
  /// The first column of the first row as text; empty when there is no row.
  std::string text(const char* sql);

  /// Whether the last connection that closes empties the log into the file (it does unless told otherwise).
  void empty_log_at_close(bool on) noexcept;
  /// Empties the log into the file and cuts it off. False: somebody is reading, so that something stays.
  bool empty_log();
  /// From now on nothing copies the log into the file but those who ask for it, and log_frames() tells how long it is.
  void copy_log_only_when_asked() noexcept;
  /// Pages in the log after the last commit of this connection.
  int log_frames() const noexcept { return log_frames_; }
  /// Copies of the log what no reader needs any more, without waiting for anybody. Gives how many of its pages are in
  /// the file now; nothing when it failed: what is not copied stays in the log.
  std::optional<int> copy_log() noexcept;
  /// Breaks off what this connection does just now. From any thread.
  void interrupt() noexcept;
  /// Makes what copies wrote into the file durable; copies_may_be_lost() tells whether it failed.
  void sync_file() noexcept;
  /// As SqliteFileLayer::copies_may_be_lost(), of a writer.
  bool copies_may_be_lost() const noexcept;
  /// The first fault of the file's structure; empty: there is none. Reads the whole file, and throws when a part of it
  /// could not be read, which is no fault of the file.
  std::string fault();

  /// From now on no SqliteTransaction begins: each throws SqliteError of this text.
  void refuse_transactions(std::string why) { refusal_ = std::move(why); }
  const std::string& refusal() const noexcept { return refusal_; }

  bool in_transaction() const noexcept;
  /// Gives up the transaction, if one is open still: a write that fails may give it up by itself.
  void roll_back() noexcept;
  /// Rows that the last INSERT, UPDATE or DELETE changed.
  std::int64_t changes() const noexcept;
  /// Of the file, without the pages that can be used again.
  std::uint64_t bytes_used();

  sqlite3* handle() const noexcept { return handle_; }

 private:
  std::string told_by_check();

  std::unique_ptr<SqliteFileLayer> file_layer_;  // of a writer
  std::unique_ptr<SqliteReads> reads_;           // of a file; over the other
  sqlite3* handle_ = nullptr;
  int log_frames_ = 0;
  std::string refusal_;  // empty: they may begin
};

/// A prepared statement, compiled once and run many times. Parameters count from 1, columns from 0.
class SqliteStatement {
 public:
  SqliteStatement(SqliteConnection& connection, const std::string& sql);
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  /// Forgets the rows and parameters of the last run; returns itself so that binding can follow.
  SqliteStatement& reset() noexcept;
  SqliteStatement& bind(int index, std::int64_t value);
  /// The bytes must live until the statement was run.
  SqliteStatement& bind(int index, std::string_view text);
  SqliteStatement& bind(int index, const std::optional<std::string>& text);
  SqliteStatement& bind_blob(int index, std::string_view bytes);

  /// True while there is a row.
  bool step();
  /// Runs to the end and resets.
  void run();

  bool is_null(int column) const noexcept;
  std::int64_t integer(int column) const noexcept;
  std::string bytes(int column) const;
  std::optional<std::string> optional_text(int column) const;

 private:
  SqliteConnection& connection_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Ends a read when it leaves scope, so that no statement keeps an old snapshot (and the log from being trimmed).
class SqliteReset {
 public:
  explicit SqliteReset(SqliteStatement& statement) : statement_(statement) {}
  ~SqliteReset() { statement_.reset(); }
  SqliteReset(const SqliteReset&) = delete;
  SqliteReset& operator=(const SqliteReset&) = delete;

 private:
  SqliteStatement& statement_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back when it leaves scope uncommitted.
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteConnection& connection);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  void commit();

 private:
  SqliteConnection& connection_;
  bool committed_ = false;
};

/// A part of a transaction: undone when it leaves scope before keep().
class SqliteSavepoint {
 public:
  explicit SqliteSavepoint(SqliteConnection& connection);
  ~SqliteSavepoint();
  SqliteSavepoint(const SqliteSavepoint&) = delete;
  SqliteSavepoint& operator=(const SqliteSavepoint&) = delete;

  void keep();

 private:
  SqliteConnection& connection_;
  bool open_ = true;
};

}  // namespace prospero::webhooks
