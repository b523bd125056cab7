// Numbers with a unit, as they stand on a command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace consumer {

/// "500ms", "90s", "15m", "2h", "7d"; whole numbers, at least `min`. Throws ConfigError naming `flag`.
std::chrono::milliseconds parse_duration(std::string_view text, std::string_view flag,
                                         std::chrono::milliseconds min = std::chrono::milliseconds{1});

/// Bytes: "4096", "64KiB", "16MiB", "2GiB"; at least 1. Throws ConfigError naming `flag`.
std::uint64_t parse_size(std::string_view text, std::string_view flag);

/// "45 s", "15 min", "2 h 5 min", "3 d 4 h": for people, rounded down.
std::string to_text(std::chrono::seconds duration);

}  // namespace consumer
