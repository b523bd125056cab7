#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t count = 0;

}  // namespace

std::size_t bench::allocations() noexcept {
  return count;
}

void* operator new(std::size_t size) {
  ++count;
  if (void* const found = std::malloc(size == 0 ? 1 : size)) return found;
  throw std::bad_alloc{};
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
