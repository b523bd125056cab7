// What can be read as JSON and not be written as JSON again.
#pragma once

#include <boost/json/value.hpp>

namespace mock::world {

/// False when a number in `value` is beyond a double: Boost.JSON reads 1e999 as an infinity, which JSON cannot say.
/// Such an entity could be neither pushed nor kept.
bool is_writable(const boost::json::value& value);

}  // namespace mock::world
