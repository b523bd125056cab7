// What somebody meant who typed a name that does not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mock::conformance {

/// The one of `names` (at least one) that is most like `typed`, whatever the case of its letters: the same but for one
/// slip (a letter more, less, wrong, or two that changed places); else one that begins with it; else one that holds it;
/// else the one with the fewest changes for its length.
std::string nearest(std::string_view typed, const std::vector<std::string>& names);

}  // namespace mock::conformance
