// The cases, one file for each section of the contract.
#pragma once

#include <vector>

#include "conformance/case.hpp"

namespace mock::conformance {

std::vector<Case> delivery_cases();       ///< section D
std::vector<Case> webhook_event_cases();  ///< section E

}  // namespace mock::conformance
