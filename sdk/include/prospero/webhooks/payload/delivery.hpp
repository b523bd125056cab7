/// @file
/// What a handler is told about a push beside its payload.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>

#include "types.hpp"

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

/// What a push is beside what its entity was last handled with (H1-H9; receive/freshness.hpp computes it).
enum class Freshness : std::uint8_t {
  fresh,      ///< newer than all that was handled: its body is the state
  stale,      ///< older than what was handled: its body must not overwrite anything
  ambiguous,  ///< nobody can tell from pushes: re-read the entity, then call observed() or observed_gone()
  copy,       ///< the bytes that it was last handled with; no handler is called
};

/// @param freshness any
/// @return "fresh", "stale", "ambiguous" or "copy"; the view lives forever
std::string_view to_text(Freshness freshness) noexcept;
/// @param text what to_text() gives
/// @return nothing for any other text
std::optional<Freshness> freshness_from_text(std::string_view text) noexcept;

/// What a handler found when it re-read the entity from Prospero's API.
struct Observation {
  bool gone = false;                    ///< the entity does not exist
  std::optional<Timestamp> changed_at;  ///< else its `lastUpdatedAt`

  /// Equal when both members are.
  friend bool operator==(const Observation&, const Observation&) = default;
};

/// The re-read is older than the push: the API lags behind. The try counts as failed, and the push comes again.
class ObservedTooOld : public std::runtime_error {
 public:
  /// With its one message.
  ObservedTooOld() : std::runtime_error("the re-read entity is older than the push: the API lags behind") {}
};

/// How a push reached the application. It belongs to one call of one handler; nothing in it is shared.
struct Delivery {
  std::string source;                                   ///< label of the hook that it came in by; may be empty
  Identity identity;                                    ///< of the body
  std::uint64_t seq = 0;                                ///< its row in the inbox; with `identity` never used twice
  Freshness freshness = Freshness::fresh;               ///< never `copy`; `fresh` for an unknown webhook event
  bool seen_before = false;                             ///< the same bytes came before, in a row of their own
  std::uint32_t copies = 0;                             ///< further arrivals that this hand-over stands for
  std::uint32_t tries = 1;                              ///< which call for this arrival this is: 1 is the first
  std::chrono::system_clock::time_point received_at{};  ///< wall clock, when the body was complete
  std::optional<Timestamp> changed_at;                  ///< the entity's `lastUpdatedAt`, when it says (T3)
  std::stop_token stop_token;                           ///< asks a long handler to give up: out of time, or stopping
  std::optional<Observation> observation;               ///< what observed() and observed_gone() were told last

  /// The handler has re-read the entity and found this `lastUpdatedAt`: pushes that are older become `stale`. Call it
  /// before acting on what was read: throws ObservedTooOld when the push itself is newer; also when that is caught, the
  /// try has failed.
  /// @param last_updated_at as the API gave it
  void observed(Timestamp last_updated_at);
  /// The handler has re-read the entity, and it does not exist.
  void observed_gone() noexcept;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
