#include "transport/host_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

namespace mock::transport {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_hex_prefixed(std::string_view text) {
  return text.size() >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
}

// "0x" alone is zero, as browsers read it. Empty when a digit does not fit its base or the number is beyond 64 bits.
std::optional<std::uint64_t> read_number(std::string_view text) {
  int base = 10;
  if (is_hex_prefixed(text)) {
    text.remove_prefix(2);
    base = 16;
    if (text.empty()) return 0;
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<boost::asio::ip::address_v4> join_parts(const std::vector<std::string_view>& parts) {
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = read_number(parts[i]);
    const bool last = i + 1 == parts.size();
    const std::uint64_t limit = last ? std::uint64_t{1} << (8 * (4 - i)) : 256;
    if (!number || *number >= limit) return std::nullopt;
    value |= last ? *number : *number << (8 * (3 - i));
  }
  return boost::asio::ip::address_v4(static_cast<std::uint32_t>(value));
}

// --- RFC 3492 ---

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / 700 : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > 455; k += 36) delta /= 35;
  return k + 36 * delta / (delta + 38);
}

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

void put_variable_length(std::string& out, std::uint32_t value, std::uint32_t bias) {
  for (std::uint32_t k = 36;; k += 36) {
    const std::uint32_t threshold = k <= bias ? 1 : std::min<std::uint32_t>(k - bias, 26);
    if (value < threshold) break;
    out += digit(threshold + (value - threshold) % (36 - threshold));
    value = (value - threshold) / (36 - threshold);
  }
  out += digit(value);
}

std::string punycode(const std::u32string& label) {
  std::string out;
  for (const char32_t c : label) {
    if (c < 0x80) out += static_cast<char>(c);
  }
  const auto basic = static_cast<std::uint32_t>(out.size());
  if (basic > 0) out += '-';
  std::uint32_t n = 0x80, delta = 0, bias = 72, handled = basic;
  while (handled < label.size()) {
    char32_t next = std::numeric_limits<char32_t>::max();
    for (const char32_t c : label) {
      if (c >= n) next = std::min(next, c);
    }
    delta += (static_cast<std::uint32_t>(next) - n) * (handled + 1);
    n = static_cast<std::uint32_t>(next);
    for (const char32_t c : label) {
      if (c < n) ++delta;
      if (c != n) continue;
      put_variable_length(out, delta, bias);
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++n;
  }
  return out;
}

std::optional<char32_t> take_utf8(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead >= 0xF5 || (lead >= 0x80 && lead < 0xC2) || text.size() < length) return std::nullopt;
  char32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return std::nullopt;
    value = value << 6 | (next & 0x3Fu);
  }
  text.remove_prefix(length);
  return value;
}

}  // namespace

LooseIpv4 read_loose_ipv4(std::string_view host) {
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  const auto parts = split(host);
  const auto last = parts.back();
  if (!all_digits(last) && !(is_hex_prefixed(last) && read_number(last))) return {};
  return {true, join_parts(parts)};
}

std::optional<std::string> a_label_form(std::string_view host) {
  constexpr std::size_t name_length_max = 253;
  if (host.size() > 4 * name_length_max) return std::nullopt;
  std::string out;
  for (auto part : split(host)) {
    std::u32string label;
    bool ascii = true;
    while (!part.empty()) {
      auto c = take_utf8(part);
      if (!c) return std::nullopt;
      if (*c >= 'A' && *c <= 'Z') *c |= 0x20;
      ascii = ascii && *c < 0x80;
      label += *c;
    }
    if (!out.empty()) out += '.';
    out += ascii ? std::string(label.begin(), label.end()) : "xn--" + punycode(label);
  }
  return out;
}

}  // namespace mock::transport
