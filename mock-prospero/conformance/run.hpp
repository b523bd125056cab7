// Runs the selected cases against one consumer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "conformance/loop.hpp"
#include "conformance/probe.hpp"
#include "conformance/report.hpp"
#include "conformance/selection.hpp"
#include "delivery/ports.hpp"

namespace mock::conformance {

/// A timing case in which the tester was later than this itself is an `error`: it says nothing about the consumer.
inline constexpr delivery::Duration lag_limit = std::chrono::milliseconds(250);

struct Plan {
  Target target;
  std::vector<SelectedCase> cases;
  std::uint64_t seed = 1;
  bool strict = false;  ///< a SHOULD that does not hold is `failed`
  bool lifted = false;  ///< a flag of this run keeps the verdict from being a full one
};

/// How many cases are to run: those that --skip does not leave out.
std::size_t cases_to_run(const Plan& plan);

/// Is told of each case as soon as its result is known.
using Progress = std::function<void(const CaseResult&)>;

/// First sends one push to see whether the endpoint can be reached at all; if not, `unreached` says why and no case
/// runs: each is an `error`. Then runs the cases in their order; one that rests on a case which ran and did not hold is
/// skipped. Throws what the transport or the loop throws.
Report run(const Plan& plan, delivery::Transport& transport, Loop& loop, const Progress& progress);

/// What a run sends at most: a consumer that fails early gets fewer.
struct Traffic {
  std::size_t requests = 0;
  std::size_t bytes = 0;  ///< of bodies
};
Traffic dry_run(const Plan& plan);

}  // namespace mock::conformance
