#include "delivery/disable_rule.hpp"

#include "delivery/retry_policy.hpp"

namespace mock::delivery {

FailureRun after_end(FailureRun run, Outcome outcome, Instant ended_at) {
  if (outcome == Outcome::ok) return {};
  if (!is_failure(outcome)) return run;
  if (run.count == 0) run.first_end = ended_at;
  run.last_end = ended_at;
  ++run.count;
  return run;
}

bool must_disable(const DisableRule& rule, const FailureRun& run) {
  return rule.after > 0 && run.count >= rule.after && run.last_end - run.first_end >= rule.span;
}

}  // namespace mock::delivery
