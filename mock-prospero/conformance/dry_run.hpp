// A run without a consumer: what would be sent, to count it (`--dry-run`) and to write it down (`--export`).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "conformance/run.hpp"

namespace mock::conformance {

/// What a run sends to a consumer that passes every case: requests of which at least a part of the head is sent. One
/// that fails early gets fewer, one that offers TLS 1.0 or 1.1 one more. Of level crash it is the most that can be.
struct Traffic {
  std::size_t requests = 0;
  std::size_t bytes = 0;                         ///< of bodies
  std::size_t cases = 0;                         ///< that run
  std::map<std::string, std::size_t> skipped{};  ///< from the reason to how many do not
};
Traffic dry_run(const Plan& plan);

/// One line: "70 of 76 cases, 1,234 requests (567 bytes of bodies), seed 8".
std::string traffic_text(const Plan& plan, const Traffic& traffic);

/// The requests of one case.
struct RecordedCase {
  const Case* definition = nullptr;
  std::vector<WireRequest> requests{};  ///< an ordinary push as one whose body is sent at once
  std::string why_not{};                ///< the question does not arise with this plan
};
/// In the order of the plan, without those that --skip leaves out.
std::vector<RecordedCase> record(const Plan& plan);

}  // namespace mock::conformance
