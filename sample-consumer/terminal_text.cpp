#include "terminal_text.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace consumer {
namespace {

struct Character {
  std::uint32_t code_point = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

std::size_t bytes_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

Character first_of(std::string_view text) {
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text.front());
  Character found;
  const std::size_t count = bytes_of(first);
  if (count == 0 || count > text.size()) return found;
  found.code_point = count == 1 ? first : first & (0x7Fu >> count);
  for (const char c : text.substr(1, count - 1)) {
    const auto next = static_cast<unsigned char>(c);
    if (next < 0x80 || next >= 0xC0) return found;
    found.code_point = found.code_point << 6 | (next & 0x3Fu);
  }
  const bool surrogate = found.code_point >= 0xD800 && found.code_point < 0xE000;
  found.valid = found.code_point >= smallest[count] && found.code_point < 0x110000 && !surrogate;
  if (found.valid) found.bytes = count;
  return found;
}

bool steers(std::uint32_t c) {
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
  const bool direction = c == 0x061C || (c >= 0x200B && c < 0x2010) || (c >= 0x2028 && c < 0x202F) ||
                         (c >= 0x2060 && c < 0x2070) || c == 0xFEFF;
  return control || direction;
}

}  // namespace

std::string for_terminal(std::string_view bytes) {
  std::string shown;
  while (!bytes.empty()) {
    const Character next = first_of(bytes);
    const std::string_view raw = bytes.substr(0, next.bytes);
    if (next.valid && !steers(next.code_point))
      shown += raw;
    else
      for (const char c : raw) shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    bytes.remove_prefix(next.bytes);
  }
  return shown;
}

}  // namespace consumer
