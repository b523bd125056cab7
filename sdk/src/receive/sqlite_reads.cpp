#include "sqlite_reads.hpp"

#include <algorithm>
#include <new>

namespace prospero::webhooks {

// The calls of one open file, in the memory that SQLite gives for it, behind what the usual layer has there.
struct SqliteReads::Calls {
  sqlite3_io_methods methods;  // first, as this is what SQLite knows
  const sqlite3_io_methods* usual;
  SqliteReads* layer;

  static constexpr int unit() { return alignof(Calls); }
};

SqliteReads::SqliteReads(const char* usual)
    : SqliteLayer(usual, 0, static_cast<int>(sizeof(Calls)) + Calls::unit(), open_file) {}

int SqliteReads::open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& layer = of<SqliteReads>(vfs);
  sqlite3_vfs* const usual = layer.usual();
  const int code = usual->xOpen(usual, name, file, flags, flags_out);
  if (code != SQLITE_OK) return code;
  const int at = (usual->szOsFile + Calls::unit() - 1) / Calls::unit() * Calls::unit();
  Calls* calls = new (reinterpret_cast<char*>(file) + at) Calls{*file->pMethods, file->pMethods, &layer};
  calls->methods.iVersion = std::min(calls->methods.iVersion, 2);  // no later call passes by, and no file is mapped
  calls->methods.xRead = read_file;
  file->pMethods = &calls->methods;
  return code;
}

// The usual layer finds the file as it made it: it may keep something beside its calls, too.
int SqliteReads::read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 from) {
  const Calls& calls = *reinterpret_cast<const Calls*>(file->pMethods);
  file->pMethods = calls.usual;
  const int code = calls.usual->xRead(file, to, count, from);
  file->pMethods = &calls.methods;
  if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ) return code;
  ++calls.layer->failed_;
  return code == SQLITE_IOERR_CORRUPTFS ? SQLITE_IOERR_READ : code;
}

}  // namespace prospero::webhooks
