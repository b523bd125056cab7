// Text of others, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace mock::cli {

/// UTF-8 as it is, but what steers a terminal or turns the direction of writing as \u{...}, bytes that are no UTF-8 as
/// \xNN: a line stays a line, and says what it seems to say.
std::string for_terminal(std::string_view text);

}  // namespace mock::cli
