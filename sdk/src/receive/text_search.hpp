// Looks for an id in payloads that were not, or could not be, parsed.
#pragma once

#include <string_view>

namespace prospero::webhooks {

/// Whether `bytes` hold the text `lower`, an ASCII text without capitals: in any case, and also where JSON escapes
/// (`\u0036`) stand for some of its characters, or in UTF-16 or UTF-32.
bool holds_text(std::string_view bytes, std::string_view lower);

/// Whether `bytes` are UTF-8 without NUL. In others a text may stand as other bytes than its own.
bool is_plain_text(std::string_view bytes);

}  // namespace prospero::webhooks
