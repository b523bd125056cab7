// Text tables: one row per input, the expected status last.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delivery/types.hpp"

namespace mock::delivery::test {

/// The words of each line; empty lines and lines that start with # are skipped.
std::vector<std::vector<std::string>> words_of_lines(std::string_view table);

/// "1:00:00.250" or "60" (seconds), as a time since `start`. Throws std::invalid_argument on anything else.
Duration parse_time(const std::string& text);

/// h:mm:ss.mmm, with six digits if there are microseconds.
std::string show(Duration time);
std::string show(Instant instant);  ///< since `start`

Outcome parse_outcome(std::string_view text);

/// Where the virtual clocks of these tests begin.
inline constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{2};

inline constexpr Outcome all_outcomes[] = {
    Outcome::ok,       Outcome::bad_status, Outcome::timeout,         Outcome::unreachable,
    Outcome::not_http, Outcome::tls_error,  Outcome::refused_address, Outcome::interrupted};

}  // namespace mock::delivery::test
