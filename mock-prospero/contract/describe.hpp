// Values of the contract in words.
#pragma once

#include <chrono>
#include <string>

#include "contract/values.hpp"

namespace mock::contract {

/// The shortest exact form in h, min, s and ms: "6 h", "1 h 30 min", "0 s", "1.5 s" is "1 s 500 ms".
std::string describe(std::chrono::milliseconds duration);

std::string describe_body(const Values&);           ///< D1
std::string describe_headers(const Values&);        ///< D2
std::string describe_success(const Values&);        ///< D3
std::string describe_deadline(const Values&);       ///< D4
std::string describe_url_policy(const Values&);     ///< D6
std::string describe_roots(const Values&);          ///< D7
std::string describe_retries(const Values&);        ///< R1
std::string describe_delays(const Values&);         ///< R2
std::string describe_attempts(const Values&);       ///< R4
std::string describe_disable_rule(const Values&);   ///< X2
std::string describe_uuid(const Values&);           ///< T1
std::string describe_entity_header(const Values&);  ///< T3
std::string describe_archiving(const Values&);      ///< E11
std::string describe_error_body(const Values&);     ///< T5
std::string describe_bounds(const Values&);         ///< G4
std::string describe_clock(const Values&);          ///< G6

}  // namespace mock::contract
