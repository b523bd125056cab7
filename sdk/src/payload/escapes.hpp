// What the escapes in JSON strings stand for.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace prospero::webhooks::detail {

/// One character that was escaped.
struct Unescaped {
  std::array<char, 4> utf8{};
  std::size_t size = 0;        ///< of the UTF-8
  const char* next = nullptr;  ///< where the text goes on

  std::string_view text() const noexcept { return {utf8.data(), size}; }
};

/// `backslash` begins an escape that the grammar allows, within a string that it allows. Two escapes that are the
/// halves of a surrogate pair are read as one; a half alone becomes U+FFFD: JavaScript senders produce it from text cut
/// short.
Unescaped read_escape(const char* backslash) noexcept;

/// `raw` is what stands between the quotes of a string that the grammar allows.
std::string unescaped(std::string_view raw);

}  // namespace prospero::webhooks::detail
