#include "delivery/disable_rule.hpp"

#include "delivery/retry_policy.hpp"

#include "seeded_fault.hpp"

namespace mock::delivery {

FailureRun after_end(FailureRun run, Outcome outcome, Instant ended_at) {
  if (outcome == Outcome::ok) return PROSPERO_FAULT(X2_success_does_not_reset_the_count) ? run : FailureRun{};
  if (!is_failure(outcome)) return run;
  if (run.count == 0) run.first_end = ended_at;
  run.last_end = ended_at;
  ++run.count;
  return run;
}

bool must_disable(const DisableRule& rule, const FailureRun& run) {
  if ((rule.after == 0 && !PROSPERO_FAULT(X2_zero_disables_at_once)) || PROSPERO_FAULT(X1_never_disabled)) return false;
  const int count = run.count + (PROSPERO_FAULT(X2_disabled_one_failure_early) ? 1 : 0);
  return count >= rule.after && (run.last_end - run.first_end >= rule.span || PROSPERO_FAULT(X2_span_is_ignored));
}

}  // namespace mock::delivery
