#include "text_search.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <prospero/webhooks/payload/payload.hpp>
#include <string>

namespace prospero::webhooks {
namespace {

constexpr std::string_view ascii_escape = "\\u00";
constexpr std::size_t escape_size = 6;

bool holds_plain(std::string_view bytes, std::string_view lower) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::search(bytes.begin(), bytes.end(), lower.begin(), lower.end(), same) != bytes.end();
}

// That `bytes` begin with.
std::optional<char> escaped_character(std::string_view bytes) {
  if (bytes.size() < escape_size || !bytes.starts_with(ascii_escape)) return std::nullopt;
  unsigned char value = 0;
  const char* const end = bytes.data() + escape_size;
  if (std::from_chars(bytes.data() + ascii_escape.size(), end, value, 16).ptr != end) return std::nullopt;
  return static_cast<char>(value);
}

std::string without_ascii_escapes(std::string_view bytes) {
  std::string plain;
  plain.reserve(bytes.size());
  for (std::size_t end = 0; !bytes.empty(); bytes.remove_prefix(end)) {
    const auto character = escaped_character(bytes);
    end = character ? escape_size : std::min(bytes.find(ascii_escape, 1), bytes.size());
    character ? plain.append(1, *character) : plain.append(bytes.substr(0, end));
  }
  return plain;
}

// ASCII in UTF-16 and UTF-32 is ASCII with NULs between.
std::string without_nuls(std::string_view bytes) {
  std::string narrow{bytes};
  std::erase(narrow, '\0');
  return narrow;
}

}  // namespace

bool holds_text(std::string_view bytes, std::string_view lower) {
  if (bytes.find('\0') != std::string_view::npos) return holds_text(without_nuls(bytes), lower);
  return holds_plain(bytes, lower) ||
         (bytes.find(ascii_escape) != std::string_view::npos && holds_plain(without_ascii_escapes(bytes), lower));
}

bool is_plain_text(std::string_view bytes) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  while (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  if (bytes.find('\0') != std::string_view::npos) return false;
  const ParseResult parsed = parse(bytes, ParseLimits{bytes.size(), 1});
  return parsed || parsed.error().code() != PayloadErrc::invalid_utf8;
}

}  // namespace prospero::webhooks
