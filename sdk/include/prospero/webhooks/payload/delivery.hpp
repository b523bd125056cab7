/// @file
/// What a handler is told about a push beside its payload.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// What tells pushes apart: the SHA-256 of the raw body. No delivery id exists (D2), and every attempt of a delivery
/// sends the same bytes (R5).
struct Identity {
  std::array<std::uint8_t, 32> bytes{};  ///< of the digest, in its order

  /// @return 64 lower-case hex digits
  std::string hex() const;
  /// The reverse.
  /// @param text hex digits of any case
  /// @return nullopt unless there are exactly 64 hex digits and nothing else
  static std::optional<Identity> from_hex(std::string_view text) noexcept;

  /// By `bytes`: an order without a meaning, for containers.
  friend auto operator<=>(const Identity&, const Identity&) = default;
};

/// How a push reached the application. It belongs to one call of one handler; nothing in it is shared.
struct Delivery {
  std::string source;                                   ///< label of the hook that it came in by; may be empty
  Identity identity;                                    ///< of the body
  bool seen_before = false;                             ///< the same bytes have been handed over before
  std::uint32_t copies = 0;                             ///< further arrivals that this hand-over stands for
  std::uint32_t tries = 1;                              ///< which call for this arrival this is: 1 is the first
  std::chrono::system_clock::time_point received_at{};  ///< wall clock, when the body was complete
  std::stop_token stop;                                 ///< asks a long handler to give up: the consumer is stopping
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
