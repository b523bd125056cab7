#include "world/writable.hpp"

#include <algorithm>
#include <cmath>

namespace mock::world {

bool is_writable(const boost::json::value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* array = value.if_array()) return std::all_of(array->begin(), array->end(), is_writable);
  if (const auto* object = value.if_object())
    return std::all_of(object->begin(), object->end(), [](const auto& member) { return is_writable(member.value()); });
  return true;
}

}  // namespace mock::world
