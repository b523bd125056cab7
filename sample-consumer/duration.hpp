// Lengths of time as people write them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace consumer {

/// "7d", "7h2m", "90s", "500ms": numbers with a unit each, the larger first or not. Throws ConfigError naming `flag`.
std::chrono::milliseconds parse_duration(std::string_view text, const std::string& flag);

}  // namespace consumer
