// Compares texts with shapes such as "dddd-dd-dd": std::regex trips the sanitizer build's warnings with g++ 12.
#pragma once

#include <string_view>

namespace world_test {

/// In a shape `d` stands for a decimal digit and `x` for a lower-case hexadecimal one; anything else for itself.
inline bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool hex = digit || (text[i] >= 'a' && text[i] <= 'f');
    if (shape[i] == 'd' ? !digit : shape[i] == 'x' ? !hex : text[i] != shape[i]) return false;
  }
  return true;
}

inline constexpr std::string_view date_time_shape = "dddd-dd-ddTdd:dd:ddZ";

}  // namespace world_test
