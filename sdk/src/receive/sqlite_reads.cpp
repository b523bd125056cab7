#include "sqlite_reads.hpp"

#include <atomic>
#include <new>

namespace prospero::webhooks {
namespace {

// The calls of one open file, in the memory that SQLite gives for it.
struct Calls {
  sqlite3_io_methods methods;  // first, as this is what SQLite knows
  const sqlite3_io_methods* usual;
  SqliteReads::Layer* layer;
};

// The usual layer finds the file as it made it: it may keep something beside its calls, too.
int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 from) {
  const Calls& calls = *reinterpret_cast<const Calls*>(file->pMethods);
  file->pMethods = calls.usual;
  const int code = calls.usual->xRead(file, to, count, from);
  file->pMethods = &calls.methods;
  if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ) return code;
  ++calls.layer->failed;
  return code == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : code;
}

SqliteReads::Layer& layer_of(sqlite3_vfs* vfs) {
  return *reinterpret_cast<SqliteReads::Layer*>(vfs);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  SqliteReads::Layer& layer = layer_of(vfs);
  const int code = layer.usual->xOpen(layer.usual, name, file, flags, flags_out);
  if (code != SQLITE_OK) return code;
  Calls* calls = new (reinterpret_cast<char*>(file) + layer.calls_at) Calls{*file->pMethods, file->pMethods, &layer};
  calls->methods.xRead = read_file;
  file->pMethods = &calls->methods;
  return code;
}

template <class Call>
struct Forwarded;
template <class... Arguments>
struct Forwarded<int (*sqlite3_vfs::*)(sqlite3_vfs*, Arguments...)> {
  template <int (*sqlite3_vfs::*Call)(sqlite3_vfs*, Arguments...)>
  static int call(sqlite3_vfs* vfs, Arguments... arguments) {
    sqlite3_vfs* const usual = layer_of(vfs).usual;
    return usual->*Call == nullptr ? 0 : (usual->*Call)(usual, arguments...);
  }
};

// The same call of the usual layer.
template <auto Call>
constexpr auto forward = &Forwarded<decltype(Call)>::template call<Call>;

int aligned(int bytes) {
  constexpr int unit = alignof(Calls);
  return (bytes + unit - 1) / unit * unit;
}

std::string new_name() {
  static std::atomic<unsigned> layers{0};
  return "prospero-reads-" + std::to_string(++layers);
}

}  // namespace

SqliteReads::SqliteReads(const char* layer) : name_(new_name()) {
  sqlite3_initialize();
  layer_.usual = sqlite3_vfs_find(layer);
  if (layer_.usual == nullptr || layer_.usual->iVersion < 2) throw std::bad_alloc{};
  layer_.calls_at = aligned(layer_.usual->szOsFile);
  layer_.vfs.iVersion = 2;
  layer_.vfs.szOsFile = layer_.calls_at + static_cast<int>(sizeof(Calls));
  layer_.vfs.mxPathname = layer_.usual->mxPathname;
  layer_.vfs.zName = name_.c_str();
  layer_.vfs.xOpen = open_file;
  layer_.vfs.xDelete = forward<&sqlite3_vfs::xDelete>;
  layer_.vfs.xAccess = forward<&sqlite3_vfs::xAccess>;
  layer_.vfs.xFullPathname = forward<&sqlite3_vfs::xFullPathname>;
  layer_.vfs.xRandomness = forward<&sqlite3_vfs::xRandomness>;
  layer_.vfs.xSleep = forward<&sqlite3_vfs::xSleep>;
  layer_.vfs.xGetLastError = forward<&sqlite3_vfs::xGetLastError>;
  layer_.vfs.xCurrentTimeInt64 = forward<&sqlite3_vfs::xCurrentTimeInt64>;
  if (sqlite3_vfs_register(&layer_.vfs, 0) != SQLITE_OK) throw std::bad_alloc{};
}

SqliteReads::~SqliteReads() {
  sqlite3_vfs_unregister(&layer_.vfs);
}

}  // namespace prospero::webhooks
