// Text that may hold anything, made fit for a terminal and a report.
#pragma once

#include <string>
#include <string_view>

namespace mock::conformance {

/// Every byte outside printable ASCII appears as `\xNN`.
std::string printable(std::string_view text);

/// As one word of a POSIX shell; quoted only where needed.
std::string shell_word(std::string_view text);

}  // namespace mock::conformance
