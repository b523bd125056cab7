// Steps over the bytes of a JSON string, many at a time. All of them rely on the NUL that ends a std::string: it ends
// every step, so that none needs the length.
#pragma once

#include <cstddef>
#include <string>

#if defined(__SSE2__)
#include <emmintrin.h>

#include <bit>
#endif

namespace prospero::webhooks::detail {

/// Printable ASCII other than the quote and the backslash: what a JSON string may hold as it is.
constexpr bool is_plain(char c) noexcept {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

inline constexpr std::ptrdiff_t block_size = 16;

/// Where the last whole block of a text begins, the NUL at `end` its last byte; null when the text is shorter.
constexpr const char* last_block(const char* begin, const char* end) noexcept {
  return end - begin + 1 >= block_size ? end + 1 - block_size : nullptr;
}

#if defined(__SSE2__)
/// A bit for each byte of the block at `at`, the first byte's the lowest: set where the byte is not plain.
inline unsigned not_plain(const char* at) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  // Compared as signed bytes: what is not ASCII is below a space too.
  const __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), others)));
}
#endif

/// The first byte from `at` on that is not plain. `last` is the text's last_block().
inline const char* skip_plain(const char* at, [[maybe_unused]] const char* last) noexcept {
#if defined(__SSE2__)
  if (last) {
    for (; at <= last; at += block_size) {
      if (const unsigned found = not_plain(at)) return at + std::countr_zero(found);
    }
    // The NUL is found if nothing else is; `at` is within this block or just behind the byte before it.
    return at + std::countr_zero(not_plain(last) >> (at - last));
  }
#endif
  while (is_plain(*at)) ++at;
  return at;
}

/// How many bytes the UTF-8 sequence at `at`, led by a byte that is not ASCII, has; 0 where there is no valid one:
/// overlong forms, surrogates, code points above U+10FFFF, sequences cut short.
inline std::size_t utf8_sequence(const char* at) noexcept {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const auto follows = [byte](int i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned char lead = byte(0);
  if (lead < 0xC2) return 0;
  if (!follows(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!follows(2)) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead > 0xF4 || !follows(3)) return 0;
  const bool overlong = lead == 0xF0 && byte(1) < 0x90;
  const bool too_high = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || too_high ? 0 : 4;
}

}  // namespace prospero::webhooks::detail
