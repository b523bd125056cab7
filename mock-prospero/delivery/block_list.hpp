// A list that only grows, in large blocks: nothing moves, growing never copies, and the allocator's own cost per
// element is nothing. A std::deque has blocks of 512 bytes, between which a busy heap leaves holes.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace mock::delivery {

template <class T>
class BlockList {
 public:
  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t at) { return blocks_[at / block_size][at % block_size]; }
  const T& operator[](std::size_t at) const { return blocks_[at / block_size][at % block_size]; }

  void push_back(T element) {
    if (size_ == blocks_.size() * block_size) blocks_.push_back(std::make_unique<T[]>(block_size));
    (*this)[size_] = std::move(element);
    ++size_;
  }

 private:
  static constexpr std::size_t block_size = 4096;

  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace mock::delivery
