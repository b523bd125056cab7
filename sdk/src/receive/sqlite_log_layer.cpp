#include "sqlite_log_layer.hpp"

#include <atomic>
#include <new>
#include <string>

namespace prospero::webhooks {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;  // the largest page: no layer is asked to write more at once

extern const sqlite3_io_methods log_calls;

using Gathered = SqliteLogLayer::Gathered;

// The log, as SQLite holds it: in memory that SQLite gives, and behind it there the usual layer's own file.
struct Log {
  sqlite3_file base;  // first, as this is what SQLite knows
  Gathered* gathered;

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

Log& log_of(sqlite3_file* file) {
  return *reinterpret_cast<Log*>(file);
}

const sqlite3_io_methods& calls(Log& log) {
  return *log.file()->pMethods;
}

// What cannot be written stays: SQLite takes it for written, and may keep it when it gives up only what failed.
int write_gathered(Log& log) {
  Gathered& gathered = *log.gathered;
  if (gathered.bytes.empty()) return SQLITE_OK;
  const int code =
      calls(log).xWrite(log.file(), gathered.bytes.data(), static_cast<int>(gathered.bytes.size()), gathered.from);
  if (code == SQLITE_OK) gathered.bytes.clear();
  return code;
}

int close_log(sqlite3_file* file) {
  Log& log = log_of(file);
  const int written = write_gathered(log);
  const int closed = calls(log).xClose(log.file());
  log.gathered->bytes.clear();
  return written != SQLITE_OK ? written : closed;
}

int read_log(sqlite3_file* file, void* to, int bytes, sqlite3_int64 from) {
  Log& log = log_of(file);
  if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  return calls(log).xRead(log.file(), to, bytes, from);
}

int write_log(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 to) {
  Log& log = log_of(file);
  Gathered& gathered = *log.gathered;
  const auto count = static_cast<std::size_t>(bytes);
  if (to != gathered.to() || gathered.bytes.size() + count > piece_bytes)
    if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  if (!gathered.ends_with_sync || count > piece_bytes) return calls(log).xWrite(log.file(), from, bytes, to);
  if (gathered.bytes.empty()) gathered.from = to;
  gathered.bytes.append(static_cast<const char*>(from), count);  // within what was reserved: nothing is thrown
  return SQLITE_OK;
}

int cut_log(sqlite3_file* file, sqlite3_int64 size) {
  Log& log = log_of(file);
  if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  return calls(log).xTruncate(log.file(), size);
}

int sync_log(sqlite3_file* file, int flags) {
  Log& log = log_of(file);
  if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  return calls(log).xSync(log.file(), flags);
}

int size_of_log(sqlite3_file* file, sqlite3_int64* size) {
  Log& log = log_of(file);
  if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  return calls(log).xFileSize(log.file(), size);
}

int lock_log(sqlite3_file* file, int lock) {
  return calls(log_of(file)).xLock(log_of(file).file(), lock);
}

int unlock_log(sqlite3_file* file, int lock) {
  return calls(log_of(file)).xUnlock(log_of(file).file(), lock);
}

int is_reserved(sqlite3_file* file, int* answer) {
  return calls(log_of(file)).xCheckReservedLock(log_of(file).file(), answer);
}

int control_log(sqlite3_file* file, int what, void* argument) {
  return calls(log_of(file)).xFileControl(log_of(file).file(), what, argument);
}

int sector_of_log(sqlite3_file* file) {
  return calls(log_of(file)).xSectorSize(log_of(file).file());
}

int traits_of_log(sqlite3_file* file) {
  return calls(log_of(file)).xDeviceCharacteristics(log_of(file).file());
}

// Of version 1: SQLite neither shares memory through its log nor maps it.
const sqlite3_io_methods log_calls{1,           close_log,     read_log,      write_log,  cut_log,
                                   sync_log,    size_of_log,   lock_log,      unlock_log, is_reserved,
                                   control_log, sector_of_log, traits_of_log, nullptr,    nullptr,
                                   nullptr,     nullptr,       nullptr,       nullptr};

Gathered& gathered_in(sqlite3_vfs* layer) {
  return *static_cast<Gathered*>(layer->pAppData);
}

sqlite3_vfs* usual(sqlite3_vfs* layer) {
  return gathered_in(layer).usual;
}

int open_log(sqlite3_vfs* layer, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  Log& log = *new (file) Log{{&log_calls}, &gathered_in(layer)};
  log.file()->pMethods = nullptr;
  const int code = usual(layer)->xOpen(usual(layer), name, log.file(), flags, flags_out);
  if (code == SQLITE_OK) return code;
  if (log.file()->pMethods != nullptr) calls(log).xClose(log.file());
  file->pMethods = nullptr;
  return code;
}

int open_file(sqlite3_vfs* layer, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  if ((flags & SQLITE_OPEN_WAL) != 0) return open_log(layer, name, file, flags, flags_out);
  const int code = usual(layer)->xOpen(usual(layer), name, file, flags, flags_out);
  // Where a write may damage the bytes around it, SQLite writes the rest of a sector behind the sync of a commit.
  if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0)
    gathered_in(layer).ends_with_sync =
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
  return "prospero-log-" + std::to_string(++layers);
}

}  // namespace

SqliteLogLayer::SqliteLogLayer() : name_(new_name()) {
  sqlite3_initialize();
  sqlite3_vfs* const usual = sqlite3_vfs_find(nullptr);
  if (usual == nullptr || usual->iVersion < 2) throw std::bad_alloc{};
  layer_.iVersion = 2;
  layer_.szOsFile = static_cast<int>(sizeof(Log)) + usual->szOsFile;
  layer_.mxPathname = usual->mxPathname;
  layer_.zName = name_.c_str();
  gathered_.usual = usual;
  gathered_.bytes.reserve(piece_bytes);
  layer_.pAppData = &gathered_;
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

SqliteLogLayer::~SqliteLogLayer() {
  sqlite3_vfs_unregister(&layer_);
}

}  // namespace prospero::webhooks
