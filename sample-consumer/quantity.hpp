// Numbers with a unit, as they stand on a command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace consumer {

/// "500ms", "90s", "7h2m", "7d": whole numbers with a unit each, which add up; at least `min`, at most 36500d. Throws
/// ConfigError naming `flag`.
std::chrono::milliseconds parse_duration(std::string_view text, std::string_view flag,
                                         std::chrono::milliseconds min = std::chrono::milliseconds{1});

/// Bytes: "4096", "64KiB", "16MiB", "2GiB"; at least 1. Throws ConfigError naming `flag`.
std::uint64_t parse_size(std::string_view text, std::string_view flag);

/// "45 s", "15 min", "2 h 5 min", "3 d 4 h": for people, rounded down.
std::string to_text(std::chrono::seconds duration);

/// "512 KiB", from 10 MiB on "64 MiB": for people, rounded down.
std::string size_to_text(std::uint64_t bytes);

}  // namespace consumer
