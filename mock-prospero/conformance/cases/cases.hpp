// The cases, one file for each section of the contract; section D, the largest, by what it looks at. What goes deeper
// than answers has a file for each level.
#pragma once

#include <vector>

#include "conformance/case.hpp"

namespace mock::conformance {

std::vector<Case> delivery_cases();       ///< section D: that a push is taken, answered 200, and in time
std::vector<Case> wire_cases();           ///< section D: the forms of a push in HTTP
std::vector<Case> tls_cases();            ///< D6 and D7: address, certificate, TLS
std::vector<Case> robustness_cases();     ///< section D: broken connections and broken bodies
std::vector<Case> discretion_cases();     ///< section D: what answers give away
std::vector<Case> retry_cases();          ///< sections D and R: copies, and any order
std::vector<Case> webhook_event_cases();  ///< section E
std::vector<Case> data_cases();           ///< section T
std::vector<Case> witness_cases();        ///< level witness, all sections
std::vector<Case> crash_cases();          ///< level crash: section R

/// The case that shows that ordinary pushes get 200: most others rest on it.
inline const char* const public_url_case = "D6-public-url";
inline const char* const base_case = "D3-exactly-200";
inline const char* const success_in_time = "status 200, complete in less than 5 s";

}  // namespace mock::conformance
