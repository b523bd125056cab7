#include "sqlite_file_layer.hpp"

#include <atomic>
#include <new>
#include <string>

namespace prospero::webhooks {
namespace {

SqlitePieces& pieces_of(sqlite3_vfs* layer) {
  return *static_cast<SqlitePieces*>(layer->pAppData);
}

sqlite3_vfs* usual(sqlite3_vfs* layer) {
  return pieces_of(layer).usual;
}

const sqlite3_io_methods& calls_for(SqliteOpenFile& open, bool log) {
  if (log) return sqlite_log_calls;
  return open.calls().iVersion < 2 ? sqlite_main_calls_without_log : sqlite_main_calls;
}

int open_file(sqlite3_vfs* layer, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  const bool main = (flags & SQLITE_OPEN_MAIN_DB) != 0, log = (flags & SQLITE_OPEN_WAL) != 0;
  if (!main && !log) return usual(layer)->xOpen(usual(layer), name, file, flags, flags_out);
  SqlitePieces& pieces = pieces_of(layer);
  SqliteOpenFile& open = *new (file) SqliteOpenFile{{nullptr}, &pieces};
  open.usual()->pMethods = nullptr;
  const int code = usual(layer)->xOpen(usual(layer), name, open.usual(), flags, flags_out);
  if (code != SQLITE_OK) {
    if (open.usual()->pMethods != nullptr) open.calls().xClose(open.usual());
    return code;
  }
  file->pMethods = &calls_for(open, log);
  // Where a write may damage the bytes around it, SQLite writes the rest of a sector behind the sync of a commit.
  if (main)
    pieces.gathered.ends_with_sync =
        (file->pMethods->xDeviceCharacteristics(file) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  return code;
}

int remove_file(sqlite3_vfs* layer, const char* name, int sync_folder) {
  return usual(layer)->xDelete(usual(layer), name, sync_folder);
}

int access_file(sqlite3_vfs* layer, const char* name, int flags, int* answer) {
  return usual(layer)->xAccess(usual(layer), name, flags, answer);
}

int full_name(sqlite3_vfs* layer, const char* name, int bytes, char* to) {
  return usual(layer)->xFullPathname(usual(layer), name, bytes, to);
}

int randomness(sqlite3_vfs* layer, int bytes, char* to) {
  return usual(layer)->xRandomness(usual(layer), bytes, to);
}

int sleep(sqlite3_vfs* layer, int microseconds) {
  return usual(layer)->xSleep(usual(layer), microseconds);
}

int last_error(sqlite3_vfs* layer, int bytes, char* to) {
  return usual(layer)->xGetLastError == nullptr ? 0 : usual(layer)->xGetLastError(usual(layer), bytes, to);
}

int time_now(sqlite3_vfs* layer, sqlite3_int64* now) {
  return usual(layer)->xCurrentTimeInt64(usual(layer), now);
}

std::string new_name() {
  static std::atomic<unsigned> layers{0};
  return "prospero-files-" + std::to_string(++layers);
}

}  // namespace

SqliteFileLayer::SqliteFileLayer() : name_(new_name()) {
  sqlite3_initialize();
  sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
  if (usual == nullptr || usual->iVersion < 2) throw std::bad_alloc{};
  pieces_.usual = usual;
  layer_.iVersion = 2;
  layer_.szOsFile = static_cast<int>(sizeof(SqliteOpenFile)) + usual->szOsFile;
  layer_.mxPathname = usual->mxPathname;
  layer_.zName = name_.c_str();
  layer_.pAppData = &pieces_;
  layer_.xOpen = open_file;
  layer_.xDelete = remove_file;
  layer_.xAccess = access_file;
  layer_.xFullPathname = full_name;
  layer_.xRandomness = randomness;
  layer_.xSleep = sleep;
  layer_.xGetLastError = last_error;
  layer_.xCurrentTimeInt64 = time_now;
  if (sqlite3_vfs_register(&layer_, 0) != SQLITE_OK) throw std::bad_alloc{};
}

SqliteFileLayer::~SqliteFileLayer() {
  sqlite3_vfs_unregister(&layer_);
}

}  // namespace prospero::webhooks
