// What SqliteFileLayer holds between SQLite's calls, and a file that SQLite has open through it.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <string>

namespace prospero::webhooks {

inline constexpr std::size_t piece_bytes = 64u << 10;  // the largest page: no layer is asked to write more at once

/// Of one connection. Nothing that SQLite calls throws: all memory is taken at construction.
struct SqlitePieces {
  /// Written to the log, as SQLite takes it, and not in the file yet.
  struct Gathered {
    bool ends_with_sync = false;  ///< a commit, where its file promises SQLITE_IOCAP_POWERSAFE_OVERWRITE
    std::string bytes{};
    sqlite3_int64 from = 0;  ///< of the log

    sqlite3_int64 to() const { return from + static_cast<sqlite3_int64>(bytes.size()); }
  };

  /// Of the log that is copied into the file just now.
  struct Copy {
    bool under_way = false;
    sqlite3_int64 log_bytes = 0;  ///< 0: not known yet
    sqlite3_int64 read_to = 0;    ///< by SQLite, of the log
    sqlite3_int64 ahead_from = 0, ahead_to = 0;
    sqlite3_int64 file_bytes = 0;
    sqlite3_int64 file_bytes_then = 0;  ///< when all is copied; 0: no more than now
  };

  SqlitePieces() : ahead(piece_bytes, '\0'), longer(piece_bytes, '\0') { gathered.bytes.reserve(piece_bytes); }

  Gathered gathered{};
  Copy copy{};
  bool copies_may_be_lost = false;  ///< a sync of the file failed
  std::string ahead;                ///< of the log, from copy.ahead_from
  std::string longer;  ///< the page that was written last with it, and zeros: pages are all of the same size
};

/// As SQLite holds it: in memory that SQLite gives, and behind it there the usual layer's own file.
struct SqliteOpenFile {
  sqlite3_file base;  // first, as this is what SQLite knows
  SqlitePieces* pieces;

  static SqliteOpenFile& of(sqlite3_file* file) { return *reinterpret_cast<SqliteOpenFile*>(file); }
  sqlite3_file* usual() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& calls() { return *usual()->pMethods; }
};

/// The calls of such a file: of the log, and of the file that the log belongs to. Of the latter there are those that
/// SQLite needs for a log, where the usual layer has them.
extern const sqlite3_io_methods sqlite_log_calls, sqlite_main_calls, sqlite_main_calls_without_log;

namespace detail {
template <class Call>
struct Forwarded;
template <class Result, class... Arguments>
struct Forwarded<Result (*sqlite3_io_methods::*)(sqlite3_file*, Arguments...)> {
  template <Result (*sqlite3_io_methods::*Call)(sqlite3_file*, Arguments...)>
  static Result call(sqlite3_file* file, Arguments... arguments) {
    SqliteOpenFile& open = SqliteOpenFile::of(file);
    return (open.calls().*Call)(open.usual(), arguments...);
  }
};
}  // namespace detail

/// The same call of the usual layer.
template <auto Call>
inline constexpr auto forward = &detail::Forwarded<decltype(Call)>::template call<Call>;

/// All calls up to this version of SQLite's interface, done by the usual layer. No file is mapped into memory.
constexpr sqlite3_io_methods forward_all(int version) {
  using Calls = sqlite3_io_methods;
  Calls calls{};
  calls.iVersion = version;
  calls.xClose = forward<&Calls::xClose>;
  calls.xRead = forward<&Calls::xRead>;
  calls.xWrite = forward<&Calls::xWrite>;
  calls.xTruncate = forward<&Calls::xTruncate>;
  calls.xSync = forward<&Calls::xSync>;
  calls.xFileSize = forward<&Calls::xFileSize>;
  calls.xLock = forward<&Calls::xLock>;
  calls.xUnlock = forward<&Calls::xUnlock>;
  calls.xCheckReservedLock = forward<&Calls::xCheckReservedLock>;
  calls.xFileControl = forward<&Calls::xFileControl>;
  calls.xSectorSize = forward<&Calls::xSectorSize>;
  calls.xDeviceCharacteristics = forward<&Calls::xDeviceCharacteristics>;
  if (version < 2) return calls;
  calls.xShmMap = forward<&Calls::xShmMap>;
  calls.xShmLock = forward<&Calls::xShmLock>;
  calls.xShmBarrier = forward<&Calls::xShmBarrier>;
  calls.xShmUnmap = forward<&Calls::xShmUnmap>;
  return calls;
}

}  // namespace prospero::webhooks
