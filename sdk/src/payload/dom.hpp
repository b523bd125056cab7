// Bytes to Boost.JSON's document.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "dom_memory.hpp"

namespace prospero::webhooks::detail {

/// The value whose text is `size` bytes of `body` from `begin` on, which parse() has found to be one; what RawJson says
/// about exactness holds. Throws std::bad_alloc, and std::invalid_argument for what is no value.
std::unique_ptr<DomBlock, FreeDom> build_dom(const std::string& body, std::size_t begin, std::size_t size);

}  // namespace prospero::webhooks::detail
