#include "sqlite_file_layer.hpp"

#include <new>

namespace prospero::webhooks {
namespace {

const sqlite3_io_methods& calls_for(SqliteOpenFile& open, bool log) {
  if (log) return sqlite_log_calls;
  return open.calls().iVersion < 2 ? sqlite_main_calls_without_log : sqlite_main_calls;
}

}  // namespace

SqliteFileLayer::SqliteFileLayer() : SqliteLayer(nullptr, sizeof(SqliteOpenFile), 0, open_file) {}

int SqliteFileLayer::open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& layer = of<SqliteFileLayer>(vfs);
  sqlite3_vfs* const usual = layer.usual();
  const bool main = (flags & SQLITE_OPEN_MAIN_DB) != 0, log = (flags & SQLITE_OPEN_WAL) != 0;
  if (!main && !log) return usual->xOpen(usual, name, file, flags, flags_out);
  SqliteOpenFile& open = *new (file) SqliteOpenFile{{nullptr}, &layer.pieces_};
  open.usual()->pMethods = nullptr;
  const int code = usual->xOpen(usual, name, open.usual(), flags, flags_out);
  if (code != SQLITE_OK) {
    if (open.usual()->pMethods != nullptr) open.calls().xClose(open.usual());
    return code;
  }
  file->pMethods = &calls_for(open, log);
  // Where a write may damage the bytes around it, SQLite writes the rest of a sector behind the sync of a commit.
  if (main)
    layer.pieces_.gathered.ends_with_sync =
        (file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  return code;
}

}  // namespace prospero::webhooks
