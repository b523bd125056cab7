// Who makes the state durable between the engine's turns.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace mock::engine {

/// Every member is called on the engine's thread.
class Keeping {
 public:
  virtual ~Keeping() = default;

  /// Makes all changes so far durable. A std::exception says why it cannot now, in one line for people; the changes
  /// stay with it for the next call.
  virtual void keep() = 0;

  /// How many changes it was told of so far.
  virtual std::uint64_t changes() const = 0;
};

/// A change that could not be made durable, or was refused because of that.
class NotKept : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mock::engine
