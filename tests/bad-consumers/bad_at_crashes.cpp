// Real processes, each of which a SIGKILL finds out.
#include "catalogue.hpp"

namespace bad_consumers {

std::vector<BadConsumer> bad_at_crashes() {
  return {
      {.name = "answers before it stores, and loses what it had not stored",
       .fails = "R3-crash-loses-nothing",
       .make = right,
       .program_flags = "--store-every 0.4"},
      {.name = "does not start again after a crash",
       .fails = "R1-answers-after-crash",
       .make = right,
       .program_flags = "--starts-once"},
      {.name = "answers 409 to the retry of what it had stored but not answered",
       .fails = "R1-answers-after-crash",
       .make = right,
       .program_flags = "--refuse-copies --delay 0.05"},
  };
}

}  // namespace bad_consumers
