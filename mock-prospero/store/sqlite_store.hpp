// The store in one SQLite file (docs/formats.md).
//
// Crash model. What write() has acknowledged survives: the process ends at any instant, also by kill -9; the system
// crashes; the power fails. It rests on WAL with synchronous=FULL, where each commit is synced before it is
// acknowledged, on the folder's entry being synced when the file is made, and on a disk and a local file system that do
// what fsync promises; network file systems are not supported. A write that was not acknowledged is there as a whole or
// not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/store.hpp"

namespace mock::store {

struct SqliteOptions {
  std::string vfs;                       ///< name of SQLite's file layer; empty: the usual one
  std::int64_t checkpoint_pages = 1000;  ///< pages of the log from which they go into the file itself
  std::int64_t pages_max = 0;            ///< the file grows to so many pages at most; 0 = as far as the disk has space
};

/// Opens `file`, or makes it, mode 0600, since the webhook URLs in it are secrets. One process at a time has it; the
/// lock ends with the process. Throws Unusable (schema.hpp), and has changed nothing then, for a file that is damaged,
/// read-only, in use, of another program or of a newer version.
std::unique_ptr<Store> open_sqlite(const std::string& file, const SqliteOptions& options = {});

}  // namespace mock::store
