// Text that may hold anything, made fit for a terminal and a report.
#pragma once

#include <string>
#include <string_view>

namespace mock::conformance {

/// Every byte outside printable ASCII appears as `\xNN`.
std::string printable(std::string_view text);

/// `scheme://host:port/***`: path, query, fragment and user information are left out, for the path is the secret.
std::string without_secret(std::string_view url);

/// As one word of a POSIX shell; quoted only where needed.
std::string shell_word(std::string_view text);

}  // namespace mock::conformance
