#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdlib>
#include <limits>

#include "random_push.hpp"

namespace random_push {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_utf8(std::string& out, char32_t c) {
  const auto trail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    trail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    trail(6);
    trail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    trail(12);
    trail(6);
    trail(0);
  }
}

// The code point at `at` of valid UTF-8; moves `at` behind it.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int following = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t c = lead & (0x3Fu >> following);
  for (int i = 0; i < following; ++i) c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  return c;
}

}  // namespace

std::string Speller::space() {
  std::string out;
  while (once_in(6)) out += " \t\r\n"[below(4)];
  return out;
}

std::string Speller::text() {
  static constexpr char32_t edges[] = {0,      '"',    '\\',   '/',    0x1F,   0x7F,   0x80,    0x7FF,   0x800,
                                       0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF};
  std::string out;
  const std::uint64_t count = once_in(40) ? below(3000) : below(12);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto c = static_cast<char32_t>(once_in(3) ? below(0x110000) : ' ' + below(95));
    if (once_in(10)) c = edges[below(std::size(edges))];
    append_utf8(out, c >= 0xD800 && c < 0xE000 ? U'\uFFFD' : c);
  }
  return out;
}

std::string Speller::unit(std::uint32_t code) {
  const char* const hex = once_in(2) ? "0123456789abcdef" : "0123456789ABCDEF";
  std::string out = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += hex[(code >> shift) & 15];
  return out;
}

std::string Speller::escape(char32_t c) {
  static constexpr std::string_view plain = "\"\\/\b\f\n\r\t";
  static constexpr std::string_view letters = "\"\\/bfnrt";
  const std::size_t at = c < 0x80 ? plain.find(static_cast<char>(c)) : std::string_view::npos;
  if (at != std::string_view::npos && !once_in(3)) return {'\\', letters[at]};
  if (c < 0x10000) return unit(c);
  return unit(0xD800 + ((c - 0x10000) >> 10)) + unit(0xDC00 + ((c - 0x10000) & 0x3FF));
}

std::string Speller::literal(std::string_view text) {
  const std::uint64_t rarity = 1 + below(20);
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    const bool must = c < 0x20 || c == '"' || c == '\\';
    if (must || once_in(rarity)) {
      out += escape(c);
    } else {
      out += text.substr(begin, at - begin);
    }
  }
  return out + '"';
}

std::string Speller::digits(std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) out += static_cast<char>('0' + below(10));
  return out;
}

Spelled Speller::number() {
  const std::uint64_t bits = random_() >> below(64);
  switch (below(4)) {
    case 0:
      return {static_cast<std::int64_t>(bits), std::to_string(static_cast<std::int64_t>(bits))};
    case 1: {
      // Boost.JSON's kind for what fits into a signed number is int64.
      const bool fits = bits <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      if (fits) return {static_cast<std::int64_t>(bits), std::to_string(bits)};
      return {bits, std::to_string(bits)};
    }
    case 2: {
      const std::string big = (once_in(2) ? "-" : "") + std::to_string(1 + below(9)) + digits(20 + below(320));
      return {std::strtod(big.c_str(), nullptr), big};
    }
    default:
      return fraction();
  }
}

Spelled Speller::fraction() {
  std::string text = once_in(2) ? "-" : "";
  text += once_in(3) ? "0" : std::to_string(1 + below(9)) + digits(below(25));
  const bool point = !once_in(3);
  if (point) text += '.' + digits(1 + below(25));
  if (!point || once_in(2)) {
    text += once_in(2) ? "e" : "E";
    text += std::string_view{"+-"}.substr(below(3), 1);
    text += once_in(8) ? digits(5 + below(20)) : std::to_string(below(330));
  }
  return {std::strtod(text.c_str(), nullptr), text};
}

// What a JavaScript sender makes of cut emoji.
Spelled Speller::surrogates() {
  std::string text = "\"";
  std::string meant;
  const std::uint64_t count = 1 + below(4);
  for (std::uint64_t i = 0; i < count; ++i) {
    text += unit(static_cast<std::uint32_t>(0xDC00 + below(0x400)));
    meant += replacement;
  }
  if (once_in(2)) {
    text += unit(static_cast<std::uint32_t>(0xD800 + below(0x400)));
    meant += replacement;
  }
  return {boost::json::value(meant), text + '"'};
}

Spelled Speller::array(unsigned depth) {
  boost::json::array elements;
  std::string text = "[" + space();
  for (std::uint64_t left = below(5); left > 0; --left) {
    Spelled element = value(depth - 1);
    text += (elements.empty() ? "" : ",") + space() + element.text + space();
    elements.push_back(std::move(element.value));
  }
  return {std::move(elements), text + "]"};
}

Spelled Speller::object(unsigned depth) {
  boost::json::object members;
  std::string text = "{" + space();
  for (std::uint64_t left = below(5); left > 0; --left) {
    const std::string name = this->text();
    if (members.contains(name)) continue;
    Spelled member = value(depth - 1);
    text += (members.empty() ? "" : ",") + space() + literal(name) + space() + ":" + space() + member.text + space();
    members.emplace(name, std::move(member.value));
  }
  return {std::move(members), text + "}"};
}

Spelled Speller::value(unsigned depth) {
  // Now and then one as deep as is allowed.
  if (depth > 1 && once_in(200)) {
    Spelled inner = value(1);
    for (unsigned i = 1; i < depth; ++i) {
      inner = {boost::json::array{std::move(inner.value)}, "[" + space() + inner.text + space() + "]"};
    }
    return inner;
  }
  switch (below(depth == 0 ? 5 : 9)) {
    case 0:
      return {nullptr, "null"};
    case 1: {
      const bool truth = once_in(2);
      return {truth, truth ? "true" : "false"};
    }
    case 2:
      return number();
    case 3:
      if (once_in(10)) return surrogates();
      [[fallthrough]];
    case 4: {
      const std::string meant = text();
      return {boost::json::value(meant), literal(meant)};
    }
    case 5:
    case 6:
      return array(depth);
    default:
      return object(depth);
  }
}

}  // namespace random_push
