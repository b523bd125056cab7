#include "delivery/lifecycle.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "seeded_fault.hpp"

namespace mock::delivery {

bool has_attempt_under_way(const Delivery& delivery) {
  return !delivery.attempts.empty() && !delivery.attempts.back().ended_at;
}

bool may_have_been_sent(const Attempt& interrupted) {
  return interrupted.uncertain || interrupted.detail.empty();
}

void begin_attempt(Delivery& delivery, Instant now, std::uint64_t epoch) {
  assert(delivery.state == State::pending && delivery.next_attempt_at);
  Attempt next;
  if (!delivery.attempts.empty()) {
    const auto& last = delivery.attempts.back();
    const bool again = last.outcome == Outcome::interrupted;
    next.uncertain = again && !PROSPERO_FAULT(G5_copy_is_not_marked_uncertain) &&
                     (may_have_been_sent(last) || PROSPERO_FAULT(G5_what_was_not_sent_is_marked_uncertain));
    next.number = again && !PROSPERO_FAULT(G5_copy_gets_the_next_number) ? last.number : last.number + 1;
  }
  next.scheduled_at = PROSPERO_FAULT(G4_scheduled_is_when_it_started) ? now : *delivery.next_attempt_at;
  next.started_at = now;
  next.epoch = epoch;
  delivery.next_attempt_at.reset();
  delivery.attempts.push_back(std::move(next));
}

void end_attempt(Delivery& delivery, AttemptResult result, Instant ended_at) {
  assert(has_attempt_under_way(delivery));
  auto& attempt = delivery.attempts.back();
  attempt.ended_at = ended_at;
  attempt.outcome = result.outcome;
  attempt.status = result.status;
  attempt.detail = std::move(result.detail);
  attempt.answer = std::move(result.answer);
  attempt.phases = result.phases;
}

void interrupt_attempt(Delivery& delivery, Instant now) {
  AttemptResult unknown;
  unknown.outcome = Outcome::interrupted;
  const auto& attempt = delivery.attempts.back();
  const auto again_at = attempt.scheduled_at;
  end_attempt(delivery, std::move(unknown), std::max(now, attempt.started_at));
  delivery.next_attempt_at = again_at;
}

void settle(Delivery& delivery, const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::delivered:
      delivery.state = State::delivered;
      return;
    case Verdict::Kind::retry:
    case Verdict::Kind::repeat:
      delivery.next_attempt_at = verdict.at;
      return;
    case Verdict::Kind::abandoned:
      delivery.state = State::abandoned;
      delivery.reason = Reason::retries_exhausted;
      delivery.lost_at = delivery.attempts.back().ended_at;
      return;
  }
}

void drop(Delivery& delivery, Reason reason, Instant when) {
  assert(delivery.state == State::pending && !has_attempt_under_way(delivery));
  delivery.state = State::dropped;
  delivery.reason = reason;
  delivery.next_attempt_at.reset();
  delivery.lost_at = when;
}

}  // namespace mock::delivery
