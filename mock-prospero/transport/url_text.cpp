#include "transport/url_text.hpp"

#include <algorithm>

namespace mock::transport {
namespace {

bool is_alpha(char c) {
  return lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char low = lower_ascii(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
}

std::optional<std::string_view> cut_tail(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto tail = text.substr(at + 1);
  text = text.substr(0, at);
  return tail;
}

bool split_authority(std::string_view authority, UrlParts& parts) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const auto host_end = authority.starts_with('[') ? authority.find(']') : std::size_t{0};
  if (host_end == std::string_view::npos) return false;
  const auto colon = authority.find(':', host_end);
  parts.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
  return !parts.host.empty() && (parts.host.front() != '[' || parts.host.back() == ']');
}

std::string normalize_escapes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (!is_escape(text)) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto c = static_cast<char>(hex_value(text[1]) * 16 + hex_value(text[2]));
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += '%';
      for (const char digit : text.substr(1, 2)) out += is_digit(digit) ? digit : static_cast<char>(digit & ~0x20);
    }
    text.remove_prefix(3);
  }
  return out;
}

/// RFC 3986, 5.2.4, for a path that starts with "/".
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = path.find('/', 1);
    const auto segment = path.substr(0, end);
    const bool last = end == std::string_view::npos;
    if (segment == "/..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (segment == "/." || segment == "/..") {
      if (last) out += '/';
    } else {
      out += segment;
    }
    path.remove_prefix(segment.size());
  }
  return out;
}

}  // namespace

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::optional<UrlParts> split_url(std::string_view text) {
  UrlParts parts;
  const auto mark = text.find("://");
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  parts.scheme = text.substr(0, mark);
  const bool scheme_ok = is_alpha(parts.scheme.front()) && std::ranges::all_of(parts.scheme, [](char c) {
                           return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                         });
  if (!scheme_ok) return std::nullopt;
  text.remove_prefix(mark + 3);
  parts.fragment = cut_tail(text, '#');
  parts.query = cut_tail(text, '?');
  const auto slash = text.find('/');
  const auto authority = text.substr(0, slash);
  if (slash != std::string_view::npos) parts.path = text.substr(slash);
  return split_authority(authority, parts) ? std::optional(parts) : std::nullopt;
}

bool is_path_or_query(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    const bool plain = is_unreserved(text[0]) || std::string_view("/?!$&'()*+,;=:@").find(text[0]) != text.npos;
    if (!plain && !is_escape(text)) return false;
  }
  return true;
}

std::string normalize_target(const UrlParts& parts) {
  auto target = remove_dot_segments(normalize_escapes(parts.path));
  if (target.empty()) target = "/";
  if (parts.query) target += "?" + normalize_escapes(*parts.query);
  return target;
}

}  // namespace mock::transport
