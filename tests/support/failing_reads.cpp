#include "support/failing_reads.hpp"

#include <sqlite3.h>

#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

namespace test_support {

struct FailingReads::Impl {
  sqlite3_vfs vfs{};  // first, as this is what SQLite knows
  sqlite3_vfs* usual = nullptr;
  std::string name;
  mutable std::mutex mutex;
  Which which;
  std::size_t failed = 0;
};

namespace {

using Impl = FailingReads::Impl;

// The calls of one open file, in the memory that SQLite gives for it.
struct Calls {
  sqlite3_io_methods methods;  // first, as this is what SQLite knows
  const sqlite3_io_methods* usual;
  Impl* disk;
  const char* file;
};

int read_file(sqlite3_file* file, void* to, int count, sqlite3_int64 from) {
  const Calls& calls = *reinterpret_cast<const Calls*>(file->pMethods);
  const int code = calls.usual->xRead(file, to, count, from);
  const std::lock_guard hold{calls.disk->mutex};
  const std::string_view bytes{static_cast<const char*>(to), static_cast<std::size_t>(count)};
  if (code != SQLITE_OK || !calls.disk->which || !calls.disk->which(calls.file, bytes)) return code;
  ++calls.disk->failed;
  return SQLITE_IOERR_CORRUPTFS;
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  Impl& disk = *reinterpret_cast<Impl*>(vfs);
  const int code = disk.usual->xOpen(disk.usual, name, file, flags, flags_out);
  if (code != SQLITE_OK) return code;
  auto* calls = new (reinterpret_cast<char*>(file) + disk.usual->szOsFile)
      Calls{*file->pMethods, file->pMethods, &disk, name == nullptr ? "" : name};
  calls->methods.xRead = read_file;
  file->pMethods = &calls->methods;
  return code;
}

}  // namespace

FailingReads::FailingReads(const std::string& name) : impl_(std::make_unique<Impl>()) {
  sqlite3_initialize();
  impl_->name = name;
  impl_->usual = sqlite3_vfs_find(nullptr);
  impl_->vfs = *impl_->usual;
  impl_->vfs.pNext = nullptr;
  impl_->vfs.zName = impl_->name.c_str();
  impl_->vfs.xOpen = open_file;
  impl_->vfs.szOsFile += static_cast<int>(sizeof(Calls));
  if (impl_->usual->szOsFile % alignof(Calls) != 0 || sqlite3_vfs_register(&impl_->vfs, 0) != SQLITE_OK)
    throw std::runtime_error{"SQLite refuses the file layer " + name};
}

FailingReads::~FailingReads() {
  sqlite3_vfs_unregister(&impl_->vfs);
}

void FailingReads::fail(Which which) {
  const std::lock_guard hold{impl_->mutex};
  impl_->which = std::move(which);
}

std::size_t FailingReads::failed() const {
  const std::lock_guard hold{impl_->mutex};
  return impl_->failed;
}

}  // namespace test_support
