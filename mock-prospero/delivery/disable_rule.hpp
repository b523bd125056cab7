// When a webhook is disabled: a pure function of how its attempts ended, in the order of X2.
#pragma once

#include "delivery/types.hpp"

namespace mock::delivery {

struct DisableRule {
  int after = 0;    ///< N: consecutive failed attempts; 0 = never
  Duration span{};  ///< S: least time from the end of the first to the end of the last of them
};

/// The failed attempts of a webhook since its last success.
struct FailureRun {
  int count = 0;
  Instant first_end{};  ///< of the first of them; means nothing while count is 0
  Instant last_end{};

  bool operator==(const FailureRun&) const = default;
};

/// `run` after one more attempt has ended: success sets it to zero, failure adds to it, `interrupted` changes nothing.
FailureRun after_end(FailureRun run, Outcome outcome, Instant ended_at);

/// X2: at least N failures that span at least S.
bool must_disable(const DisableRule& rule, const FailureRun& run);

/// The order in which ends count.
struct EndOrder {
  Instant ended_at;
  DeliveryId delivery;

  auto operator<=>(const EndOrder&) const = default;
};

}  // namespace mock::delivery
