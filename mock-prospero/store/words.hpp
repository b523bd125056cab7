// The words of the store's columns: those of the wire formats, and their way back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "delivery/types.hpp"
#include "world/family.hpp"

namespace mock::store {

/// What a file says, as a terminal may show it: printable ASCII, at most 200 characters.
std::string shown(std::string_view text);

/// Each throws std::runtime_error, naming the word, for one that is none of its kind.
delivery::State state_of(std::string_view word);
delivery::Reason reason_of(std::string_view word);
delivery::Outcome outcome_of(std::string_view word);
world::Family family_of(std::string_view word);

}  // namespace mock::store
