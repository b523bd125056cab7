// Steps over the bytes of a JSON string, many at a time. All of them rely on the NUL that ends a std::string: it ends
// every step, so that none needs the length.
#pragma once

#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#endif

namespace prospero::webhooks::detail {

/// Printable ASCII other than the quote and the backslash: what a JSON string may hold as it is.
constexpr bool is_plain(char c) noexcept {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\';
}

#if defined(__SSE2__)
/// Finds the bytes of a text that are not plain. Each block of the text is looked at once, and where blocks begin does
/// not depend on where strings do, so that the processor can look ahead while strings are told apart.
class PlainRuns {
 public:
  /// From `begin` to `end`, where a NUL must stand.
  PlainRuns(const char* begin, const char* end) noexcept
      : block_(begin), last_piece_(end - begin + 1 >= piece_size ? end + 1 - piece_size : nullptr), end_(end) {
    look();
  }

  /// The first byte from `at` on that is not plain; the NUL at the end if no other is. `at` is never before one that
  /// was asked for earlier.
  [[gnu::always_inline]] const char* skip(const char* at) noexcept {
    if (const std::uint64_t found = from(at)) [[likely]]
      return at + std::countr_zero(found);
    return skip_to_another_block(at);
  }

 private:
  static constexpr std::ptrdiff_t block_size = 64;
  static constexpr std::ptrdiff_t piece_size = 16;

  /// A bit for each byte of the block from `at` on, that of `at` the lowest; none when `at` is behind the block.
  std::uint64_t from(const char* at) const noexcept {
    return at - block_ < block_size ? not_plain_ >> (at - block_) : 0;
  }

  [[gnu::noinline]] const char* skip_to_another_block(const char* at) noexcept {
    for (;;) {
      do block_ += block_size;
      while (at - block_ >= block_size);
      look();
      at = std::max(at, block_);
      if (const std::uint64_t found = from(at)) return at + std::countr_zero(found);
    }
  }

  void look() noexcept {
    if (end_ - block_ < block_size) {
      look_at_the_last();
    } else {
      not_plain_ = not_plain(block_) | not_plain(block_ + piece_size) << piece_size |
                   not_plain(block_ + 2 * piece_size) << 2 * piece_size |
                   not_plain(block_ + 3 * piece_size) << 3 * piece_size;
    }
  }

  // Nothing behind the NUL is read: the last piece overlaps the one before.
  void look_at_the_last() noexcept {
    const std::ptrdiff_t size = end_ + 1 - block_;
    not_plain_ = 0;
    if (last_piece_) {
      for (std::ptrdiff_t i = 0; i < size; i += piece_size) {
        const char* const piece = std::min(block_ + i, last_piece_);
        not_plain_ |= not_plain(piece) >> (block_ + i - piece) << i;
      }
    } else {
      for (std::ptrdiff_t i = 0; i < size; ++i) not_plain_ |= std::uint64_t{!is_plain(block_[i])} << i;
    }
  }

  /// A bit for each byte of the piece at `at`, the first byte's the lowest.
  static std::uint64_t not_plain(const char* at) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    // Compared as signed bytes: what is not ASCII is below a space too.
    const __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), others)));
  }

  const char* block_;
  std::uint64_t not_plain_ = 0;
  const char* last_piece_;  ///< null when the text is shorter than one
  const char* end_;
};
#else
class PlainRuns {
 public:
  PlainRuns(const char*, const char*) noexcept {}

  const char* skip(const char* at) const noexcept {
    while (is_plain(*at)) ++at;
    return at;
  }
};
#endif

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
