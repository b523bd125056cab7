// Validity of UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace prospero::webhooks::detail {

/// Where the first sequence begins that is overlong, a surrogate, above U+10FFFF, cut or otherwise invalid.
std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

}  // namespace prospero::webhooks::detail
