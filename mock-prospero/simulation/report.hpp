// What a simulation came to, for people and for programs. The same runs give the same bytes.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "simulation/run.hpp"

namespace mock::simulation {

/// Over all runs so far.
struct Totals {
  std::uint64_t runs = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t attempts = 0;
  std::uint64_t pushes = 0;  ///< taken by consumers
  std::uint64_t crashes = 0;

  void add(const Run& run);
};

/// "simulate --seed 7": what repeats the run alone.
std::string replay_command(const Run& run);

/// Seed, what the run drew, each violated clause with the checker's sentence, the trail of its delivery (shortened),
/// and the command that repeats it.
std::string failure_text(const Run& run);
std::string totals_text(const Totals& totals);

/// Members seed, runs, held, totals, failure (null, or the members of failure_text).
boost::json::object report_json(std::uint64_t seed, const Totals& totals, const Run* failed);

}  // namespace mock::simulation
