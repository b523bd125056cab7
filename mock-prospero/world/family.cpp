#include "world/family.hpp"

#include <algorithm>
#include <stdexcept>

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

std::string_view text(Happening happening) {
  switch (happening) {
    case Happening::created:
      return "created";
    case Happening::deleted:
      return "deleted";
    case Happening::updated:
      return "updated";
  }
  throw std::logic_error{"unknown happening"};
}

bool is_word(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

constexpr std::size_t event_name_chars_max = 100;

/// The seeded faults of E1 to E9; false in what ships.
bool is_misnamed(Family family, Happening happening) {
  const auto is = [&](Family f, Happening h) { return family == f && happening == h; };
  return (is(Family::calendar_event, Happening::created) && PROSPERO_FAULT(E1_is_misnamed)) ||
         (is(Family::calendar_event, Happening::deleted) && PROSPERO_FAULT(E2_is_misnamed)) ||
         (is(Family::calendar_event, Happening::updated) && PROSPERO_FAULT(E3_is_misnamed)) ||
         (is(Family::invoice, Happening::created) && PROSPERO_FAULT(E4_is_misnamed)) ||
         (is(Family::invoice, Happening::deleted) && PROSPERO_FAULT(E5_is_misnamed)) ||
         (is(Family::invoice, Happening::updated) && PROSPERO_FAULT(E6_is_misnamed)) ||
         (is(Family::offer, Happening::created) && PROSPERO_FAULT(E7_is_misnamed)) ||
         (is(Family::offer, Happening::deleted) && PROSPERO_FAULT(E8_is_misnamed)) ||
         (is(Family::offer, Happening::updated) && PROSPERO_FAULT(E9_is_misnamed));
}

}  // namespace

std::string_view singular(Family family) {
  switch (family) {
    case Family::calendar_event:
      return "event";
    case Family::invoice:
      return "invoice";
    case Family::offer:
      return "offer";
  }
  throw std::logic_error{"unknown family"};
}

std::string_view plural(Family family) {
  switch (family) {
    case Family::calendar_event:
      return "events";
    case Family::invoice:
      return "invoices";
    case Family::offer:
      return "offers";
  }
  throw std::logic_error{"unknown family"};
}

std::optional<Family> family_of_plural(std::string_view name) {
  const auto* found = std::find_if(families.begin(), families.end(), [&](Family f) { return plural(f) == name; });
  if (found == families.end()) return std::nullopt;
  return *found;
}

std::string event_name(Family family, Happening happening) {
  std::string name{singular(family)};
  name += is_misnamed(family, happening) ? '-' : '.';
  name += text(happening);
  return name;
}

bool is_event_name(std::string_view name) {
  const auto dot = name.find('.');
  return name.size() <= event_name_chars_max && dot != std::string_view::npos && is_word(name.substr(0, dot)) &&
         is_word(name.substr(dot + 1));
}

}  // namespace mock::world
