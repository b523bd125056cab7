// The state machine of one delivery: pending -> delivered | abandoned | dropped. While it is pending it either waits
// (next_attempt_at is set) or has an attempt under way. Pure changes of a Delivery, without a queue or a clock.
#pragma once

#include "delivery/retry_policy.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

/// True while its last attempt has no end.
bool has_attempt_under_way(const Delivery& delivery);

/// G5: of an interrupted attempt. A sender that knows why nothing was sent says so in its detail; one that crashed says
/// nothing. What repeats an attempt that may have been sent is a copy, whatever becomes of the repeat itself.
bool may_have_been_sent(const Attempt& interrupted);

/// A waiting delivery starts its next attempt: the next number, or after an interruption the same one, uncertain if it
/// may have been sent already (G5).
/// `epoch` is that of its webhook (G1).
void begin_attempt(Delivery& delivery, Instant now, std::uint64_t epoch);

/// Writes down how the attempt under way ended. Follow with settle() or drop().
void end_attempt(Delivery& delivery, AttemptResult result, Instant ended_at);

/// G5: nobody knows how the attempt under way ended. Its end is `now`, or its start if the clock has gone back behind
/// it. The same number waits to be made again, as overdue as it was.
void interrupt_attempt(Delivery& delivery, Instant now);

/// What the verdict asks for: the end of the delivery, which if it is abandoned is lost at the end of its last attempt,
/// or waiting again.
void settle(Delivery& delivery, const Verdict& verdict);

/// X3, G1, G2: nothing more is sent, it is lost at `when`. Only for a pending delivery without an attempt under way.
void drop(Delivery& delivery, Reason reason, Instant when);

}  // namespace mock::delivery
