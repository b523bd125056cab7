#include "escapes.hpp"

#include <cstdint>

#include "hex.hpp"

namespace prospero::webhooks::detail {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::ptrdiff_t unicode_escape_size = 6;

bool is_unicode_escape(const char* at) noexcept {
  return at[0] == '\\' && at[1] == 'u';
}

std::uint32_t code_unit(const char* backslash) noexcept {
  return static_cast<std::uint32_t>(hex_byte(backslash + 2) * 256 + hex_byte(backslash + 4));
}

bool is_leading(std::uint32_t unit) noexcept {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_trailing(std::uint32_t unit) noexcept {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

char short_escape(char letter) noexcept {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;  // quote, backslash, slash
  }
}

Unescaped encoded(std::uint32_t code_point, const char* next) noexcept {
  Unescaped out;
  out.next = next;
  const auto put = [&](std::uint32_t byte) { out.utf8[out.size++] = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  return out;
}

}  // namespace

Unescaped read_escape(const char* backslash) noexcept {
  if (!is_unicode_escape(backslash)) return {{short_escape(backslash[1])}, 1, backslash + 2};
  const std::uint32_t unit = code_unit(backslash);
  const char* const next = backslash + unicode_escape_size;
  if (is_leading(unit) && is_unicode_escape(next)) {
    const std::uint32_t second = code_unit(next);
    if (is_trailing(second)) {
      return encoded(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00), next + unicode_escape_size);
    }
  }
  return encoded(is_leading(unit) || is_trailing(unit) ? replacement : unit, next);
}

std::string unescaped(std::string_view raw) {
  std::string text;
  const char* at = raw.data();
  const char* const end = at + raw.size();
  while (at != end) {
    if (*at == '\\') {
      const Unescaped one = read_escape(at);
      text += one.text();
      at = one.next;
    } else {
      text += *at++;
    }
  }
  return text;
}

}  // namespace prospero::webhooks::detail
