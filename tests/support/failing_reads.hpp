// A disk under SQLite that does not give some of what is on it, for a while.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace test_support {

/// Registers itself as a SQLite file layer (VFS) under `name`, over the one that was the default then; see
/// DefaultLayer. Thread-safe. Every connection to it must be closed before its end.
class FailingReads {
 public:
  /// Whether a read of these bytes, which are on the disk, fails.
  using Which = std::function<bool(const std::string& file, std::string_view bytes)>;

  explicit FailingReads(const std::string& name);
  ~FailingReads();
  FailingReads(const FailingReads&) = delete;
  FailingReads& operator=(const FailingReads&) = delete;

  /// From now on they fail as SQLite's own layer lets them fail when the system says EIO.
  void fail(Which which);
  void mend() { fail(nullptr); }
  std::size_t failed() const;  ///< reads so far

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace test_support
