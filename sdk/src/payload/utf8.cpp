#include "utf8.hpp"

namespace prospero::webhooks::detail {
namespace {

// What a lead byte asks for: how many bytes follow, and the range of the first of them (it excludes overlong forms,
// surrogates and code points above U+10FFFF). `following` is -1 for a byte that leads nothing.
struct Lead {
  int following;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

constexpr Lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) return {0};
  if (byte < 0xC2) return {-1};
  if (byte < 0xE0) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte < 0xF0) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte < 0xF4) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {-1};
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t i = 0;
  while (i < text.size()) {
    const Lead lead = lead_of(byte(i));
    if (lead.following < 0) return i;
    const auto size = static_cast<std::size_t>(lead.following) + 1;
    if (text.size() - i < size) return i;
    if (size > 1 && (byte(i + 1) < lead.second_min || byte(i + 1) > lead.second_max)) return i;
    for (std::size_t k = 2; k < size; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    }
    i += size;
  }
  return std::nullopt;
}

}  // namespace prospero::webhooks::detail
