// SQLite's file layer with one difference: a read that fails is told as that, and counted.
#pragma once

#include <cstdint>

#include "sqlite_layer.hpp"

namespace prospero::webhooks {

/// Where a read fails with EIO, SQLite says that the file is corrupt, which is not the same: the read may succeed a
/// moment later, and what to do is another thing. Here it is SQLITE_IOERR_READ. Some pragmas tell of a failed read in
/// words only, or in none, so that failed reads are counted too.
class SqliteReads : public SqliteLayer {
 public:
  /// `usual` as for sqlite3_open_v2: null is the default. Throws std::bad_alloc when SQLite cannot register it.
  explicit SqliteReads(const char* usual);

  /// Reads that failed so far. What lies behind the end of a file is no failure.
  std::uint64_t failed() const noexcept { return failed_; }

 private:
  struct Calls;

  static int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out);
  static int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 from);

  std::uint64_t failed_ = 0;
};

}  // namespace prospero::webhooks
