// Hex digits of UUIDs, identities and JSON escapes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace prospero::webhooks::detail {

inline constexpr auto hex_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = i;
  for (std::int8_t i = 10; i < 16; ++i) {
    values[static_cast<std::size_t>('a' + i - 10)] = i;
    values[static_cast<std::size_t>('A' + i - 10)] = i;
  }
  return values;
}();

/// 0 to 15; negative for what is no hex digit.
constexpr int hex_value(char c) noexcept {
  return hex_values[static_cast<unsigned char>(c)];
}

/// The byte that two hex digits at `text` stand for; negative where one of them is none.
constexpr int hex_byte(const char* text) noexcept {
  return hex_value(text[0]) * 16 | hex_value(text[1]);
}

inline void append_hex(std::string& out, std::uint8_t byte) {
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace prospero::webhooks::detail
