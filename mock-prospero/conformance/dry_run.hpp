// A run without a consumer: what would be sent, to count it (`--dry-run`) and to write it down (`--export`).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "conformance/run.hpp"

namespace mock::conformance {

/// What a run sends at most: a consumer that fails early gets fewer.
struct Traffic {
  std::size_t requests = 0;
  std::size_t bytes = 0;  ///< of bodies
};
Traffic dry_run(const Plan& plan);

/// One request as a case would send it.
struct RecordedRequest {
  std::vector<std::string> headers;  ///< whole lines; Host and Content-Length are left to the sender
  std::string body;
  bool asks_for_200 = true;  ///< a complete POST to the URL itself
};

/// The requests of one case.
struct RecordedCase {
  const Case* definition = nullptr;
  std::vector<RecordedRequest> requests;
};
/// In the order of the plan, without those that --skip leaves out.
std::vector<RecordedCase> record(const Plan& plan);

}  // namespace mock::conformance
