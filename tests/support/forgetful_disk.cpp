#include "support/forgetful_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "support/forgetful_file.hpp"

namespace test_support {
using forgetful::File;
using forgetful::play;
using forgetful::play_some_sectors;
using forgetful::sector_bytes;
using forgetful::shm_locks;
using forgetful::Write;

struct ForgetfulDisk::Impl {
  std::string name;
  sqlite3_vfs vfs{};
  sqlite3_vfs* usual = nullptr;
  mutable std::mutex mutex;
  std::map<std::string, std::shared_ptr<File>> files;
  std::map<std::string, std::shared_ptr<File>> deleted;  // whose deletion was not synced
  std::size_t changes = 0;
  ForgetfulDisk::Counts counts;
  std::optional<std::size_t> cut_at;
  std::uint64_t generation = 0;
  bool lies = false;
  std::string sync_to_fail;  // of this file, the next
  bool full = false;
  int traits = 0;

  bool is_cut() const { return cut_at && changes >= *cut_at; }
  bool change() {
    if (is_cut()) return false;
    ++changes;
    return true;
  }
};

namespace {

// What SQLite holds per open file; made in memory that SQLite gives.
struct Handle {
  sqlite3_file base;
  void* disk;
  std::shared_ptr<File>* file;
  std::string* name;
  std::uint64_t generation;
  int lock;
  bool delete_on_close;
  std::array<bool, shm_locks> shm_shared;
  bool has_shm;
};

// SQLite's calls; a template because the type of the disk is private.
template <class Disk>
struct Calls {
  static Handle& handle(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
  static Disk& disk(sqlite3_file* file) { return *static_cast<Disk*>(handle(file).disk); }
  static File& content(sqlite3_file* file) { return **handle(file).file; }
  static Disk& disk(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

  // Locks of connections from before a power cut mean nothing any more.
  static bool useless(sqlite3_file* file) {
    return disk(file).is_cut() || handle(file).generation != disk(file).generation;
  }

  static int close(sqlite3_file* file) {
    unlock(file, SQLITE_LOCK_NONE);
    auto& open = handle(file);
    {
      const std::lock_guard lock{disk(file).mutex};
      if (open.delete_on_close && !useless(file)) disk(file).files.erase(*open.name);
    }
    delete open.file;
    delete open.name;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    const std::lock_guard lock{disk(file).mutex};
    if (useless(file)) return SQLITE_IOERR_READ;
    ++disk(file).counts.reads;
    const auto& from = content(file).current;
    const auto start = std::min(static_cast<std::size_t>(offset), from.size());
    const auto wanted = static_cast<std::size_t>(count);
    const auto got = std::min(wanted, from.size() - start);
    std::memcpy(to, from.data() + start, got);
    if (got == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    const std::lock_guard lock{disk(file).mutex};
    if (useless(file)) return SQLITE_IOERR_WRITE;
    Write write{
        static_cast<std::size_t>(offset), {static_cast<const char*>(from), static_cast<std::size_t>(count)}, {}};
    const bool grows = write.offset + write.bytes.size() > content(file).current.size();
    if (disk(file).full && grows) return SQLITE_FULL;
    if (!disk(file).change()) return SQLITE_IOERR_WRITE;
    disk(file).counts.growths += grows ? 1 : 0;
    disk(file).counts.written_bytes += write.bytes.size();
    return keep(content(file), std::move(write));
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const std::lock_guard lock{disk(file).mutex};
    if (useless(file) || !disk(file).change()) return SQLITE_IOERR_TRUNCATE;
    return keep(content(file), Write{0, {}, static_cast<std::size_t>(size)});
  }

  static int keep(File& file, Write write) {
    play(file.current, write);
    file.unsynced.push_back(std::move(write));
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* file, int) {
    const std::lock_guard lock{disk(file).mutex};
    if (useless(file) || !disk(file).change()) return SQLITE_IOERR_FSYNC;
    if (disk(file).lies) return SQLITE_OK;
    auto& synced = content(file);
    if (*handle(file).name == disk(file).sync_to_fail) {
      disk(file).sync_to_fail.clear();
      synced.unsynced.clear();
      return SQLITE_IOERR_FSYNC;
    }
    for (const auto& write : synced.unsynced) play(synced.synced, write);
    synced.unsynced.clear();
    // SQLite syncs the folder with the first sync of a file that it made; that holds for deletions before it too.
    if (!std::exchange(synced.entry_synced, true)) disk(file).deleted.clear();
    return SQLITE_OK;
  }

  static int size(sqlite3_file* file, sqlite3_int64* bytes) {
    const std::lock_guard lock{disk(file).mutex};
    *bytes = static_cast<sqlite3_int64>(content(file).current.size());
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* file, int wanted) {
    const std::lock_guard guard{disk(file).mutex};
    auto& state = content(file);
    auto& open = handle(file);
    if (useless(file)) return SQLITE_IOERR_LOCK;
    if (open.lock >= wanted) return SQLITE_OK;
    if (state.exclusive != nullptr && state.exclusive != file) return SQLITE_BUSY;
    if (wanted > SQLITE_LOCK_SHARED && state.reserved != nullptr && state.reserved != file) return SQLITE_BUSY;
    if (open.lock == SQLITE_LOCK_NONE) {
      ++state.readers;
      open.lock = SQLITE_LOCK_SHARED;
    }
    if (wanted > SQLITE_LOCK_SHARED) state.reserved = file;
    if (wanted == SQLITE_LOCK_EXCLUSIVE && state.readers > 1) return SQLITE_BUSY;
    if (wanted == SQLITE_LOCK_EXCLUSIVE) state.exclusive = file;
    open.lock = wanted;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int wanted) {
    const std::lock_guard guard{disk(file).mutex};
    auto& state = content(file);
    auto& open = handle(file);
    if (open.lock <= wanted) return SQLITE_OK;
    if (state.exclusive == file) state.exclusive = nullptr;
    if (state.reserved == file) state.reserved = nullptr;
    if (wanted == SQLITE_LOCK_NONE) --state.readers;
    open.lock = wanted;
    return SQLITE_OK;
  }

  static int reserved(sqlite3_file* file, int* answer) {
    const std::lock_guard guard{disk(file).mutex};
    *answer = content(file).reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector(sqlite3_file*) { return sector_bytes; }
  static int traits(sqlite3_file* file) { return disk(file).traits; }

  static int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** at) {
    const std::lock_guard guard{disk(file).mutex};
    content(file).keep_shm_for(handle(file).has_shm);
    auto& regions = content(file).shm;
    const auto index = static_cast<std::size_t>(region);
    *at = nullptr;
    if (useless(file)) return SQLITE_IOERR_SHMMAP;
    if (index >= regions.size() && extend == 0) return SQLITE_OK;
    while (index >= regions.size()) {
      regions.push_back(std::make_unique<std::string>(static_cast<std::size_t>(bytes), '\0'));
    }
    *at = regions[index]->data();
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    const std::lock_guard guard{disk(file).mutex};
    return content(file).shm_lock(file, handle(file).shm_shared, first, count, flags);
  }

  static void shm_barrier(sqlite3_file* file) { const std::lock_guard guard{disk(file).mutex}; }

  static int shm_unmap(sqlite3_file* file, int remove) {
    const std::lock_guard guard{disk(file).mutex};
    content(file).shm_users -= std::exchange(handle(file).has_shm, false) ? 1 : 0;
    if (remove != 0) content(file).shm.clear();
    return SQLITE_OK;
  }

  static constexpr sqlite3_io_methods methods{2,        close,       read,      write,   truncate, sync,   size,
                                              lock,     unlock,      reserved,  control, sector,   traits, shm_map,
                                              shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    auto& on = disk(vfs);
    const std::lock_guard guard{on.mutex};
    file->pMethods = nullptr;
    if (on.is_cut()) return SQLITE_CANTOPEN;
    const std::string path = name != nullptr ? name : "temporary";
    auto found = on.files.find(path);
    if (found == on.files.end()) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      found = on.files.emplace(path, std::make_shared<File>()).first;
    }
    auto& opened = *new (file) Handle{};
    opened.disk = &on;
    opened.file = new std::shared_ptr<File>{found->second};
    opened.name = new std::string{path};
    opened.generation = on.generation;
    opened.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file->pMethods = &methods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& on = disk(vfs);
    const std::lock_guard guard{on.mutex};
    if (!on.change()) return SQLITE_IOERR_DELETE;
    const auto found = on.files.find(name);
    if (found == on.files.end()) return SQLITE_IOERR_DELETE_NOENT;
    const bool comes_back = found->second->entry_synced && (sync_folder == 0 || on.lies);
    if (comes_back) on.deleted.insert_or_assign(name, found->second);
    if (!comes_back) on.deleted.erase(name);
    on.files.erase(found);
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    const std::lock_guard guard{disk(vfs).mutex};
    *answer = disk(vfs).files.contains(name) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_name(sqlite3_vfs*, const char* name, int bytes, char* to) {
    const auto length = std::strlen(name);
    if (length >= static_cast<std::size_t>(bytes)) return SQLITE_CANTOPEN;
    std::memcpy(to, name, length + 1);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int bytes, char* to) {
    auto* usual = disk(vfs).usual;
    return usual->xRandomness(usual, bytes, to);
  }
  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int time(sqlite3_vfs* vfs, sqlite3_int64* now) {
    auto* usual = disk(vfs).usual;
    return usual->xCurrentTimeInt64(usual, now);
  }
};

}  // namespace

ForgetfulDisk::ForgetfulDisk(const std::string& name) : impl_(std::make_unique<Impl>()) {
  using Disk = Calls<Impl>;
  impl_->name = name;
  impl_->usual = sqlite3_vfs_find(nullptr);
  auto& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.zName = impl_->name.c_str();
  vfs.pAppData = impl_.get();
  vfs.xOpen = Disk::open;
  vfs.xDelete = Disk::remove;
  vfs.xAccess = Disk::access;
  vfs.xFullPathname = Disk::full_name;
  vfs.xRandomness = Disk::randomness;
  vfs.xSleep = Disk::sleep;
  vfs.xCurrentTimeInt64 = Disk::time;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error{"SQLite refuses the file layer " + name};
}

ForgetfulDisk::~ForgetfulDisk() {
  sqlite3_vfs_unregister(&impl_->vfs);
}

void ForgetfulDisk::make_file(const std::string& name) {
  const std::lock_guard lock{impl_->mutex};
  impl_->files.emplace(name, std::make_shared<File>());
}

void ForgetfulDisk::cut_after(std::size_t changes) {
  const std::lock_guard lock{impl_->mutex};
  impl_->cut_at = impl_->changes + changes;
}

bool ForgetfulDisk::is_cut() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->is_cut();
}

void ForgetfulDisk::power_back(std::uint64_t seed) {
  const std::lock_guard lock{impl_->mutex};
  std::mt19937_64 random{seed};
  auto before = std::exchange(impl_->files, {});
  before.merge(impl_->deleted);
  impl_->deleted.clear();
  for (const auto& [name, file] : before) {
    if (!file->entry_synced && (seed == 0 || random() % 2 == 0)) continue;
    auto after = std::make_shared<File>();
    after->synced = file->synced;
    if (seed != 0) {
      for (const auto& write : file->unsynced) play_some_sectors(after->synced, write, random);
    }
    after->current = after->synced;
    after->entry_synced = true;
    impl_->files.emplace(name, std::move(after));
  }
  ++impl_->generation;
  impl_->cut_at.reset();
}

std::size_t ForgetfulDisk::changes() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->changes;
}

ForgetfulDisk::Counts ForgetfulDisk::counts() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->counts;
}

std::size_t ForgetfulDisk::unsynced_writes(const std::string& name) const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->files.at(name)->unsynced.size();
}

void ForgetfulDisk::fail_next_sync(const std::string& name) {
  const std::lock_guard lock{impl_->mutex};
  impl_->sync_to_fail = name;
}

void ForgetfulDisk::ignore_syncs(bool ignore) {
  const std::lock_guard lock{impl_->mutex};
  impl_->lies = ignore;
}

void ForgetfulDisk::set_full(bool full) {
  const std::lock_guard lock{impl_->mutex};
  impl_->full = full;
}

void ForgetfulDisk::promise_safe_overwrites() {
  const std::lock_guard lock{impl_->mutex};
  impl_->traits = SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

DefaultLayer::DefaultLayer(const std::string& name) : before_(sqlite3_vfs_find(nullptr)) {
  sqlite3_vfs_register(sqlite3_vfs_find(name.c_str()), 1);
}

DefaultLayer::~DefaultLayer() {
  sqlite3_vfs_register(before_, 1);
}

}  // namespace test_support
