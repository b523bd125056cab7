// The file that the log belongs to: while the log is copied into it, it is made longer by a piece at a time. The pages
// are then written into what the system holds in memory already, which takes half the time.
#include <algorithm>

#include "sqlite_pieces.hpp"

namespace prospero::webhooks {
namespace {

constexpr auto piece = static_cast<sqlite3_int64>(piece_bytes);

// Errors are of no account: without the pieces it is as with the usual layer.
int control_main(sqlite3_file* file, int what, void* argument) {
  SqliteOpenFile& main = SqliteOpenFile::of(file);
  SqlitePieces::Copy& copy = main.pieces->copy;
  if (what == SQLITE_FCNTL_CKPT_START) {
    copy = {};
    copy.under_way = main.calls().xFileSize(main.usual(), &copy.file_bytes) == SQLITE_OK;
  } else if (what == SQLITE_FCNTL_CKPT_DONE) {
    copy = {};
  } else if (what == SQLITE_FCNTL_SIZE_HINT && copy.under_way) {
    copy.file_bytes_then = *static_cast<const sqlite3_int64*>(argument);
  }
  return main.calls().xFileControl(main.usual(), what, argument);
}

// The page, and zeros to the end of the piece that it begins or of what the file is to become. What fails, for want of
// space for instance, may have room for the page alone.
bool write_longer(SqliteOpenFile& main, const char* page, sqlite3_int64 bytes, sqlite3_int64 to) {
  SqlitePieces::Copy& copy = main.pieces->copy;
  const sqlite3_int64 end = std::min(copy.file_bytes_then, to - to % piece + piece);
  if (to < copy.file_bytes || end <= to + bytes) return false;
  std::string& longer = main.pieces->longer;
  std::copy(page, page + bytes, longer.begin());
  if (main.calls().xWrite(main.usual(), longer.data(), static_cast<int>(end - to), to) != SQLITE_OK) return false;
  copy.file_bytes = end;
  return true;
}

int write_main(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 to) {
  SqliteOpenFile& main = SqliteOpenFile::of(file);
  SqlitePieces::Copy& copy = main.pieces->copy;
  if (copy.under_way && write_longer(main, static_cast<const char*>(from), bytes, to)) return SQLITE_OK;
  copy.file_bytes = std::max(copy.file_bytes, to + bytes);
  return main.calls().xWrite(main.usual(), from, bytes, to);
}

int sync_main(sqlite3_file* file, int flags) {
  const int code = forward<&sqlite3_io_methods::xSync>(file, flags);
  if (code != SQLITE_OK) SqliteOpenFile::of(file).pieces->copies_may_be_lost = true;
  return code;
}

constexpr sqlite3_io_methods calls_of_main(int version) {
  sqlite3_io_methods calls = forward_all(version);
  calls.xWrite = write_main;
  calls.xSync = sync_main;
  calls.xFileControl = control_main;
  return calls;
}

}  // namespace

constinit const sqlite3_io_methods sqlite_main_calls = calls_of_main(2);
constinit const sqlite3_io_methods sqlite_main_calls_without_log = calls_of_main(1);

}  // namespace prospero::webhooks
