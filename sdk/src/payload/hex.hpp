// Hex digits of UUIDs, identities and JSON escapes.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace prospero::webhooks::detail {

/// 0 to 15, or -1 for what is no hex digit.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that two hex digits at `text` stand for, or -1.
constexpr int hex_byte(const char* text) noexcept {
  const int high = hex_value(text[0]);
  const int low = hex_value(text[1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

inline void append_hex(std::string& out, std::uint8_t byte) {
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace prospero::webhooks::detail
