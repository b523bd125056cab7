// SQLite's file layer with one difference: a read that fails is told as that, and counted.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace prospero::webhooks {

/// Where a read fails with EIO, SQLite says that the file is corrupt, which is not the same: the read may succeed a
/// moment later, and what to do is another thing. Here it is SQLITE_IOERR_READ. Some pragmas tell of a failed read in
/// words only, or in none, so that failed reads are counted too.
///
/// All else is done by another layer, which must live longer. Registered with SQLite from construction to destruction
/// under a name of its own; for one connection, which must be closed first.
class SqliteReads {
 public:
  /// `layer` as for sqlite3_open_v2: null is the default. Throws std::bad_alloc when SQLite cannot register it.
  explicit SqliteReads(const char* layer);
  ~SqliteReads();
  SqliteReads(const SqliteReads&) = delete;
  SqliteReads& operator=(const SqliteReads&) = delete;

  /// Reads that failed so far. What lies behind the end of a file is no failure.
  std::uint64_t failed() const noexcept { return layer_.failed; }

  /// For sqlite3_open_v2.
  const char* name() const noexcept { return name_.c_str(); }

  /// What SQLite knows, and what is beside it.
  struct Layer {
    sqlite3_vfs vfs{};
    sqlite3_vfs* usual = nullptr;
    int calls_at = 0;  // behind the usual layer's file
    std::uint64_t failed = 0;
  };

 private:
  std::string name_;
  Layer layer_;
};

}  // namespace prospero::webhooks
