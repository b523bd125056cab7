// A disk in memory under SQLite that forgets what was not synced: power cuts for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace test_support {

/// Registers itself as a SQLite file layer (VFS) under `name`, which connections then ask for; its files live as long
/// as it does. Locks and shared memory work between the connections of this process. Thread-safe. Every connection to
/// it must be closed before its end.
class ForgetfulDisk {
 public:
  explicit ForgetfulDisk(const std::string& name);
  ~ForgetfulDisk();
  ForgetfulDisk(const ForgetfulDisk&) = delete;
  ForgetfulDisk& operator=(const ForgetfulDisk&) = delete;

  /// An empty file, for connections that do not make one themselves.
  void make_file(const std::string& name);

  /// From the (n+1)-th change on (write, truncation, sync, deletion), counted from this call, every use of the disk
  /// fails: the power is gone.
  void cut_after(std::size_t changes);
  bool is_cut() const;

  /// The power comes back, after a cut that is now at the latest. Connections from before it stay useless. What was
  /// synced is there; of the writes since, `seed` chooses which sectors (512 bytes) made it, in no order; 0: none did.
  void power_back(std::uint64_t seed);

  std::size_t changes() const;  ///< made so far
  struct Counts {
    std::size_t reads = 0;
    std::size_t growths = 0;  ///< writes that made a file longer
    std::size_t written_bytes = 0;
  };
  Counts counts() const;                                       ///< so far
  std::size_t unsynced_writes(const std::string& name) const;  ///< to a file, which a power cut now may undo

  /// The next sync of this file fails, and what it should have made durable never will be, whatever is synced later,
  /// unless it is written again. Until the power is cut it is read as if it were there. So Linux does it.
  void fail_next_sync(const std::string& name);

  /// A disk that lies: says that it has synced and has not. For tests of tests.
  void ignore_syncs(bool ignore);

  /// Says of files opened from now on that a write leaves the bytes around it as they are, as usual files do. So it is
  /// here in any case, but SQLite then no longer fills a sector up behind each commit.
  void promise_safe_overwrites();

  /// Writes that would make a file longer fail for want of space.
  void set_full(bool full);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// While it lives, the file layer `name` is SQLite's default: every connection that names no other uses it.
class DefaultLayer {
 public:
  explicit DefaultLayer(const std::string& name);
  ~DefaultLayer();
  DefaultLayer(const DefaultLayer&) = delete;
  DefaultLayer& operator=(const DefaultLayer&) = delete;

 private:
  sqlite3_vfs* const before_;
};

}  // namespace test_support
