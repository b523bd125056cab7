#include "support/held_syncs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

namespace test_support {

struct HeldSyncs::Impl {
  sqlite3_vfs vfs{};  // first, as this is what SQLite knows
  sqlite3_vfs* usual = nullptr;
  std::atomic<int (*)(sqlite3_file*, int)> usual_sync = nullptr;
  std::string name;
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  int waiting = 0;

  void pass() {
    std::unique_lock hold{mutex};
    ++waiting;
    changed.notify_all();
    changed.wait(hold, [this] { return !held; });
    --waiting;
  }
};

namespace {

using Impl = HeldSyncs::Impl;

// Layers above may hand these calls on with a table of their own, in which nothing of ours is found: hence one disk at
// a time.
Impl* the_disk = nullptr;

int sync_file(sqlite3_file* file, int flags) {
  the_disk->pass();
  return the_disk->usual_sync(file, flags);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  Impl& disk = *reinterpret_cast<Impl*>(vfs);
  const int code = disk.usual->xOpen(disk.usual, name, file, flags, flags_out);
  if (code != SQLITE_OK) return code;
  auto* calls = new (reinterpret_cast<char*>(file) + disk.usual->szOsFile) sqlite3_io_methods{*file->pMethods};
  disk.usual_sync = std::exchange(calls->xSync, sync_file);  // the same function for all files of the system's layer
  file->pMethods = calls;
  return code;
}

}  // namespace

HeldSyncs::HeldSyncs(const std::string& name) : impl_(std::make_unique<Impl>()) {
  sqlite3_initialize();
  impl_->name = name;
  impl_->usual = sqlite3_vfs_find(nullptr);
  impl_->vfs = *impl_->usual;
  impl_->vfs.pNext = nullptr;
  impl_->vfs.zName = impl_->name.c_str();
  impl_->vfs.xOpen = open_file;
  impl_->vfs.szOsFile += static_cast<int>(sizeof(sqlite3_io_methods));
  if (impl_->usual->szOsFile % alignof(sqlite3_io_methods) != 0 || sqlite3_vfs_register(&impl_->vfs, 0) != SQLITE_OK)
    throw std::runtime_error{"SQLite refuses the file layer " + name};
  the_disk = impl_.get();
}

HeldSyncs::~HeldSyncs() {
  sqlite3_vfs_unregister(&impl_->vfs);
  the_disk = nullptr;
}

void HeldSyncs::hold() {
  const std::lock_guard hold{impl_->mutex};
  impl_->held = true;
}

void HeldSyncs::let_go() {
  const std::lock_guard hold{impl_->mutex};
  impl_->held = false;
  impl_->changed.notify_all();
}

void HeldSyncs::wait_for_one() {
  std::unique_lock hold{impl_->mutex};
  impl_->changed.wait(hold, [this] { return impl_->waiting > 0; });
}

}  // namespace test_support
