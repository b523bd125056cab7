// Bytes to Boost.JSON's document.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace prospero::webhooks::detail {

/// The value whose text is `size` bytes of `body` from `begin` on, which parse() has found to be one; what RawJson says
/// about exactness holds. Throws std::bad_alloc, and std::invalid_argument for what is no value.
boost::json::value build_dom(const std::string& body, std::size_t begin, std::size_t size,
                             boost::json::storage_ptr storage);

}  // namespace prospero::webhooks::detail
