// Every case there is.
#pragma once

#include <string_view>
#include <vector>

#include "conformance/case.hpp"

namespace mock::conformance {

/// In the order in which they run: by stage, within it as the contract lists them; a case stands after the one it rests
/// on. Built once; thread-safe.
const std::vector<Case>& all_cases();

/// Null if there is none.
const Case* find_case(std::string_view id);

}  // namespace mock::conformance
