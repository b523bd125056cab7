// A disk under SQLite that can be made to hang in its syncs, until a test lets it go on.
#pragma once

#include <memory>
#include <string>

namespace test_support {

/// Registers itself as a SQLite file layer (VFS) under `name`, over the one that was the default then; see
/// DefaultLayer. Thread-safe; one at a time. Every connection to it must be closed before its end.
class HeldSyncs {
 public:
  explicit HeldSyncs(const std::string& name);
  ~HeldSyncs();
  HeldSyncs(const HeldSyncs&) = delete;
  HeldSyncs& operator=(const HeldSyncs&) = delete;

  /// From now on a sync does not return before let_go().
  void hold();
  void let_go();
  /// Returns when a sync is being held.
  void wait_for_one();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace test_support
