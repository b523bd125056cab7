// Who makes the state durable between the engine's turns.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

namespace mock::engine {

/// Every member is called on the engine's thread; what collect() gives is run on another one.
class Keeping {
 public:
  /// Makes a group of changes durable. A std::exception says why it cannot now, in one line for people.
  using Write = std::function<void()>;

  virtual ~Keeping() = default;

  /// All changes since the group before, as they are now; later ones belong to the next group. Empty without any. Not
  /// to be called before that group is settled.
  virtual Write collect() = 0;

  /// What became of the group that collect() gave. What was not kept goes into the next one.
  virtual void settle(bool kept) = 0;

  /// How many changes it was told of so far.
  virtual std::uint64_t changes() const = 0;

  /// One group, at once. Throws what its Write throws.
  void keep() {
    const auto write = collect();
    if (!write) return;
    try {
      write();
    } catch (const std::exception&) {
      settle(false);
      throw;
    }
    settle(true);
  }
};

/// A change that could not be made durable, or was refused because of that.
class NotKept : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mock::engine
