// One run: a world drawn from a seed, a safety phase in which everything may go wrong, then a liveness phase in which
// nothing does and all that is pending must end.
#pragma once

#include <cstdint>
#include <vector>

#include "simulation/check.hpp"
#include "simulation/history.hpp"
#include "simulation/plan.hpp"

namespace mock::simulation {

struct Run {
  std::uint64_t seed = 0;
  Plan plan;
  History history;
  std::vector<Violation> violations;  ///< at most one per clause; empty if every requirement held
};

/// A pure function of the seed.
Run carry_out(std::uint64_t seed);

}  // namespace mock::simulation
