// Where the DOM of one JSON value lies: all of it in one piece of memory, given back as a whole.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <memory>
#include <prospero/webhooks/payload/raw_json.hpp>

namespace prospero::webhooks::detail {

/// A DOM and its memory, which is handed out from its front; there is more of it once it is used up. Nothing is given
/// back before all is. Not for two threads at once.
class DomBlock {
 public:
  /// Two allocations in one: the block, and room for `size` bytes. Throws std::bad_alloc.
  static std::unique_ptr<DomBlock, FreeDom> with_room_for(std::size_t size);

  void* allocate(std::size_t size, std::size_t align);

  /// Puts the DOM in. It is never destroyed: all that it has lies here.
  void keep(boost::json::value&& dom);
  const boost::json::value& dom() const noexcept { return *dom_; }

 private:
  friend FreeDom;
  struct More;

  explicit DomBlock(std::size_t size) noexcept;

  void* at_;
  std::size_t left_;
  More* more_ = nullptr;
  const boost::json::value* dom_ = nullptr;
};

/// While one of these lives, what its thread takes from dom_storage() comes from the block, and what it gives back is
/// ignored.
class DomBuilding {
 public:
  explicit DomBuilding(DomBlock& block) noexcept;
  ~DomBuilding();
  DomBuilding(const DomBuilding&) = delete;
  DomBuilding& operator=(const DomBuilding&) = delete;
};

/// The storage of every DOM: one resource, which lives forever and is not counted. Boost.JSON copies a part of a DOM
/// into the storage of that DOM: so the copies of an application come from here, where without a DomBuilding memory is
/// that of operator new, and stay valid whatever becomes of the block. Thread-safe.
boost::json::storage_ptr dom_storage() noexcept;

}  // namespace prospero::webhooks::detail
