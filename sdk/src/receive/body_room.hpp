// How much memory the bodies may take that are being read, all connections together.
#pragma once

#include <atomic>
#include <cstddef>

namespace prospero::webhooks::detail {

/// Thread-safe. Outlives its shares.
class BodyRoom {
 public:
  explicit BodyRoom(std::size_t bytes_max) noexcept : bytes_max_(bytes_max) {}

  bool take(std::size_t bytes) noexcept {
    std::size_t taken = taken_;
    do {
      if (bytes > bytes_max_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + bytes));
    return true;
  }
  void give_back(std::size_t bytes) noexcept { taken_ -= bytes; }
  std::size_t bytes_max() const noexcept { return bytes_max_; }
  std::size_t taken() const noexcept { return taken_; }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> taken_ = 0;
};

/// What one body takes of it. The first 64 KiB of each are free, so that large ones never keep usual pushes out. Not
/// thread-safe.
class BodyShare {
 public:
  static constexpr std::size_t free_bytes = 64u << 10;

  explicit BodyShare(BodyRoom& room) noexcept : room_(room) {}
  ~BodyShare() { give_back(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  /// False: there is no room for a body of so many bytes, and it keeps what it has.
  bool grow_to(std::size_t bytes) noexcept {
    const std::size_t counted = bytes > free_bytes ? bytes - free_bytes : 0;
    if (counted <= taken_) return true;
    if (!room_.take(counted - taken_)) return false;
    taken_ = counted;
    return true;
  }
  void give_back() noexcept {
    if (taken_ > 0) room_.give_back(taken_);
    taken_ = 0;
  }

 private:
  BodyRoom& room_;
  std::size_t taken_ = 0;
};

}  // namespace prospero::webhooks::detail
