// Runs the selected cases against one consumer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "conformance/baseline.hpp"
#include "conformance/probe.hpp"
#include "conformance/report.hpp"
#include "conformance/selection.hpp"

namespace mock::conformance {

/// A timing case in which the tester was later than this itself is an `error`: it says nothing about the consumer.
inline constexpr delivery::Duration lag_limit = std::chrono::milliseconds(250);

struct Plan {
  Target target;
  std::vector<SelectedCase> cases;
  std::uint64_t seed = 1;
  bool strict = false;           ///< a SHOULD that does not hold is `failed`
  bool lifted = false;           ///< a flag of this run keeps the verdict from being a full one
  bool disruptive = true;        ///< cases that may disturb a real system may run
  Material material{};           ///< what the bodies are made of
  std::size_t repeat = 1;        ///< how often each case runs; one whose results differ is flaky
  std::optional<double> rate{};  ///< pushes a second at most
  Baseline baseline{};           ///< failures that are expected, with reasons
  bool witness = false;          ///< the consumer tells what it did: Access::witness is there
  bool crash = false;            ///< the consumer may be killed: Access::process is there, and was started
};

/// How many cases are to run: those that --skip does not leave out.
std::size_t cases_to_run(const Plan& plan);

/// Is told of each case as soon as its result is known.
using Progress = std::function<void(const CaseResult&)>;

/// Of a run that ended before its first push: none of the cases ran. Either a person ended it, or `why` tells.
Report interrupted_report(const Plan& plan);
Report unreached_report(const Plan& plan, Unreached why);

/// First sends one push to see whether the endpoint can be reached at all; if not, `unreached` says why and no case
/// runs: each is an `error`. Then runs the cases in their order; one that rests on a case which ran and did not hold is
/// skipped. When a case finds nobody any more and nobody comes back, or the process ends by itself, the report says so,
/// and the rest is skipped; a last push after the last case looks for that too. When
/// the loop says that it was interrupted, the report says so and holds what was found until then. Throws what the
/// transport, the loop or the wire throws.
Report run(const Plan& plan, const Access& access, const Progress& progress);

}  // namespace mock::conformance
