// Arguments that are secrets: given by the name of an environment variable, they are on no command line, where every
// user of the machine and the log of a CI could read them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mock::cli {

/// The value of an environment variable; nothing if it is not set. Only a main() may ask the real environment.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// `argument`, or what the variable holds if it is `env:NAME`, without blanks and line ends around it. Throws
/// std::invalid_argument, in one line that starts with `flag` and does not hold the value, for a variable that is not
/// set or is empty.
std::string secret_argument(std::string_view flag, const std::string& argument, const Environment& environment);

}  // namespace mock::cli
