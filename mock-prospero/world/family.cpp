#include "world/family.hpp"

#include <algorithm>
#include <stdexcept>

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
  name += '.';
  name += text(happening);
  return name;
}

bool is_event_name(std::string_view name) {
  const auto dot = name.find('.');
  return name.size() <= event_name_chars_max && dot != std::string_view::npos && is_word(name.substr(0, dot)) &&
         is_word(name.substr(dot + 1));
}

}  // namespace mock::world
