// What holds for every body whatever its bytes, as far as parse() alone can tell.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

/// The first promise of payload.hpp, error.hpp and entity.hpp that parse() breaks for these bytes; empty when none is.
/// Swallows no exception.
std::string broken_promise(std::string_view body);

}  // namespace fuzz
