// A disk in memory under SQLite that forgets what was not synced: power cuts for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

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

  /// From the (n+1)-th change on (write, truncation, sync, deletion), counted from this call, every use of the disk
  /// fails: the power is gone.
  void cut_after(std::size_t changes);
  bool is_cut() const;

  /// The power comes back, after a cut that is now at the latest. Connections from before it stay useless. What was
  /// synced is there; of the writes since, `seed` chooses which sectors (512 bytes) made it, in no order; 0: none did.
  void power_back(std::uint64_t seed);

  std::size_t changes() const;  ///< made so far

  /// A disk that lies: says that it has synced and has not. For tests of tests.
  void ignore_syncs(bool ignore);

  /// Writes that would make a file longer fail for want of space.
  void set_full(bool full);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace test_support
