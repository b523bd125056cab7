#include "dom_memory.hpp"

#include <boost/json/memory_resource.hpp>
#include <new>
#include <utility>

namespace prospero::webhooks::detail {
namespace {

thread_local constinit DomBlock* building = nullptr;

class DomResource final : public boost::json::memory_resource {
  void* do_allocate(std::size_t size, std::size_t align) override {
    return building ? building->allocate(size, align) : ::operator new(size);
  }
  void do_deallocate(void* memory, std::size_t, std::size_t) override {
    if (!building) ::operator delete(memory);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

/// A further piece of memory, in front of its bytes.
struct DomBlock::More {
  More* next;
};

std::unique_ptr<DomBlock, FreeDom> DomBlock::with_room_for(std::size_t size) {
  return std::unique_ptr<DomBlock, FreeDom>{::new (::operator new(sizeof(DomBlock) + size)) DomBlock{size}};
}

DomBlock::DomBlock(std::size_t size) noexcept : at_(this + 1), left_(size) {}

void* DomBlock::allocate(std::size_t size, std::size_t align) {
  if (!std::align(align, size, at_, left_)) {
    constexpr std::size_t least = 16'384;
    const std::size_t room = size + align + least;
    more_ = ::new (::operator new(sizeof(More) + room)) More{more_};
    at_ = more_ + 1;
    left_ = room;
    std::align(align, size, at_, left_);
  }
  left_ -= size;
  return std::exchange(at_, static_cast<unsigned char*>(at_) + size);
}

void DomBlock::keep(boost::json::value&& dom) {
  dom_ = ::new (allocate(sizeof dom, alignof(boost::json::value))) boost::json::value(std::move(dom));
}

void FreeDom::operator()(DomBlock* block) const noexcept {
  for (DomBlock::More* more = block->more_; more;) ::operator delete(std::exchange(more, more->next));
  ::operator delete(block);
}

DomBuilding::DomBuilding(DomBlock& block) noexcept {
  building = &block;
}
DomBuilding::~DomBuilding() {
  building = nullptr;
}

boost::json::storage_ptr dom_storage() noexcept {
  union Immortal {  // never destroyed: values in static storage may outlive all else
    Immortal() noexcept : resource() {}
    ~Immortal() {}
    DomResource resource;
  };
  static Immortal immortal;
  return &immortal.resource;
}

}  // namespace prospero::webhooks::detail
