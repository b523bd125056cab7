// The log: written in pieces, and read in pieces while it is copied into its file.
#include <algorithm>

#include "sqlite_pieces.hpp"

namespace prospero::webhooks {
namespace {

constexpr int pages_near = 4;  // there are heads between the pages, and pages that were written again later

// What cannot be written stays: SQLite takes it for written, and may keep it when it gives up only what failed.
int write_gathered(SqliteOpenFile& log) {
  SqlitePieces::Gathered& gathered = log.pieces->gathered;
  if (gathered.bytes.empty()) return SQLITE_OK;
  const int code =
      log.calls().xWrite(log.usual(), gathered.bytes.data(), static_cast<int>(gathered.bytes.size()), gathered.from);
  if (code == SQLITE_OK) gathered.bytes.clear();
  return code;
}

// With all that was gathered in the file first.
template <auto Call, class... Arguments>
int after_gathered(sqlite3_file* file, Arguments... arguments) {
  if (const int code = write_gathered(SqliteOpenFile::of(file)); code != SQLITE_OK) return code;
  return forward<Call>(file, arguments...);
}

int close_log(sqlite3_file* file) {
  SqliteOpenFile& log = SqliteOpenFile::of(file);
  const int written = write_gathered(log);
  const int closed = log.calls().xClose(log.usual());
  log.pieces->gathered.bytes.clear();
  return written != SQLITE_OK ? written : closed;
}

int write_log(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 to) {
  SqliteOpenFile& log = SqliteOpenFile::of(file);
  SqlitePieces::Gathered& gathered = log.pieces->gathered;
  const auto count = static_cast<std::size_t>(bytes);
  if (to != gathered.to() || gathered.bytes.size() + count > piece_bytes)
    if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  if (!gathered.ends_with_sync || count > piece_bytes) return log.calls().xWrite(log.usual(), from, bytes, to);
  if (gathered.bytes.empty()) gathered.from = to;
  gathered.bytes.append(static_cast<const char*>(from), count);  // within what was reserved: nothing is thrown
  return SQLITE_OK;
}

// Whether the piece of the log that begins there is in memory now.
bool read_ahead(SqliteOpenFile& log, sqlite3_int64 from) {
  SqlitePieces::Copy& copy = log.pieces->copy;
  if (copy.log_bytes == 0 && log.calls().xFileSize(log.usual(), &copy.log_bytes) != SQLITE_OK) return false;
  const sqlite3_int64 to = std::min(copy.log_bytes, from + static_cast<sqlite3_int64>(piece_bytes));
  copy.ahead_from = copy.ahead_to = 0;
  if (to <= from ||
      log.calls().xRead(log.usual(), log.pieces->ahead.data(), static_cast<int>(to - from), from) != SQLITE_OK)
    return false;
  copy.ahead_from = from;
  copy.ahead_to = to;
  return true;
}

// Pages are copied in the order of the file. Most of them are so in the log as well; those that were written again are
// behind the others, and are not worth a piece.
int read_log(sqlite3_file* file, void* to, int bytes, sqlite3_int64 from) {
  SqliteOpenFile& log = SqliteOpenFile::of(file);
  if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  SqlitePieces::Copy& copy = log.pieces->copy;
  const sqlite3_int64 end = from + bytes, skipped = from - copy.read_to;
  const auto is_ahead = [&] { return from >= copy.ahead_from && end <= copy.ahead_to; };
  if (copy.under_way && !is_ahead() && skipped >= 0 && skipped < sqlite3_int64{pages_near} * bytes)
    read_ahead(log, from);
  copy.read_to = end;
  if (!is_ahead()) return log.calls().xRead(log.usual(), to, bytes, from);
  log.pieces->ahead.copy(static_cast<char*>(to), static_cast<std::size_t>(bytes),
                         static_cast<std::size_t>(from - copy.ahead_from));
  return SQLITE_OK;
}

// SQLite neither shares memory through its log nor maps it.
constexpr sqlite3_io_methods calls_of_log() {
  using Calls = sqlite3_io_methods;
  Calls calls = forward_all(1);
  calls.xClose = close_log;
  calls.xRead = read_log;
  calls.xWrite = write_log;
  calls.xTruncate = after_gathered<&Calls::xTruncate>;
  calls.xSync = after_gathered<&Calls::xSync>;
  calls.xFileSize = after_gathered<&Calls::xFileSize>;
  return calls;
}

}  // namespace

constinit const sqlite3_io_methods sqlite_log_calls = calls_of_log();

}  // namespace prospero::webhooks
