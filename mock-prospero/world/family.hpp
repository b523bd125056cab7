// The three families of entities that webhook events are about.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mock::world {

enum class Family : std::uint8_t { calendar_event, invoice, offer };

inline constexpr std::array families{Family::calendar_event, Family::invoice, Family::offer};

/// The first word of the family's webhook events: `event`, `invoice`, `offer` (E1-E9).
std::string_view singular(Family family);

/// The family's name in the paths of the API: `events`, `invoices`, `offers`.
std::string_view plural(Family family);
std::optional<Family> family_of_plural(std::string_view name);

/// What happens to an entity; with the family it makes the name of the webhook event (E1-E9).
enum class Happening : std::uint8_t { created, deleted, updated };
std::string event_name(Family family, Happening happening);

/// True for names of the form `word.word`: letters, digits, `_` and `-` on both sides of one dot. Prospero's nine
/// names have it; names that Prospero does not have yet are expected to (E10).
bool is_event_name(std::string_view name);

}  // namespace mock::world
