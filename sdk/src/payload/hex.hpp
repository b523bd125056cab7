// Hex digits of UUIDs, identities and JSON escapes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#if defined(__SSE2__)
#include <emmintrin.h>

#include <cstring>
#endif

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

#if defined(__SSE2__)
/// The values of 16 hex digits.
class HexDigits {
 public:
  explicit HexDigits(__m128i text) noexcept {
    const auto all_bytes = [](char c) { return _mm_set1_epi8(c); };
    const __m128i decimal = _mm_sub_epi8(text, all_bytes('0'));
    const __m128i letter = _mm_sub_epi8(_mm_or_si128(text, all_bytes(0x20)), all_bytes('a'));
    // At most, of bytes without a sign: the lesser of the two is the byte itself.
    const __m128i is_decimal = _mm_cmpeq_epi8(_mm_min_epu8(decimal, all_bytes(9)), decimal);
    const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, all_bytes(5)), letter);
    values_ =
        _mm_or_si128(_mm_and_si128(is_decimal, decimal), _mm_and_si128(is_letter, _mm_add_epi8(letter, all_bytes(10))));
    is_digit_ = _mm_or_si128(is_decimal, is_letter);
  }

  bool all() const noexcept { return _mm_movemask_epi8(is_digit_) == 0xFFFF; }

  /// The byte that each two digits stand for, in 16 bits.
  __m128i pairs() const noexcept {
    const __m128i pairs = _mm_or_si128(_mm_slli_epi16(values_, 4), _mm_srli_epi16(values_, 8));
    return _mm_and_si128(pairs, _mm_set1_epi16(0xFF));
  }

 private:
  __m128i values_;
  __m128i is_digit_;
};
#endif

/// Reads the hex digits of a UUID's text, of which the hyphens have been looked at; false where one is none.
inline bool read_uuid(const char* text, std::array<std::uint8_t, 16>& bytes) noexcept {
#if defined(__SSE2__)
  const auto eight = [text](std::size_t at) {
    std::int64_t digits;
    std::memcpy(&digits, text + at, sizeof digits);
    return digits;
  };
  const auto four_and_four = [text](std::size_t at, std::size_t then) {
    std::array<std::uint32_t, 2> digits;
    std::memcpy(&digits[0], text + at, sizeof digits[0]);
    std::memcpy(&digits[1], text + then, sizeof digits[1]);
    return static_cast<std::int64_t>(digits[0] | std::uint64_t{digits[1]} << 32);
  };
  const HexDigits first{_mm_set_epi64x(four_and_four(9, 14), eight(0))};
  const HexDigits second{_mm_set_epi64x(eight(28), four_and_four(19, 24))};
  _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes.data()), _mm_packus_epi16(first.pairs(), second.pairs()));
  return first.all() && second.all();
#else
  constexpr std::array<std::size_t, 16> places{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  int all = 0;  // negative once a byte was
  for (std::size_t i = 0; i < places.size(); ++i) {
    const int byte = hex_byte(text + places[i]);
    all |= byte;
    bytes[i] = static_cast<std::uint8_t>(byte);
  }
  return all >= 0;
#endif
}

inline void append_hex(std::string& out, std::uint8_t byte) {
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace prospero::webhooks::detail
