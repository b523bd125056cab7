// Valid JSON that Boost.JSON 1.81 refuses, brought into a form that it reads.
#pragma once

#include <string>
#include <string_view>

namespace prospero::webhooks::detail {

/// A copy of the same length, so that offsets hold, in which every escaped lone surrogate is `\ufffd` and no exponent
/// is beyond +-1'000'000'000 (which is an infinity or 0 all the same). `text` fits the grammar.
std::string repaired(std::string_view text);

}  // namespace prospero::webhooks::detail
