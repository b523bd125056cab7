#include "delivery/retry_policy.hpp"

#include <algorithm>

#include "seeded_fault.hpp"

namespace mock::delivery {

std::string_view to_text(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::delivered:
      return "delivered";
    case Verdict::Kind::retry:
      return "retry";
    case Verdict::Kind::repeat:
      return "repeat";
    case Verdict::Kind::abandoned:
      return "abandoned";
  }
  return "?";
}

bool is_failure(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return false;
    case Outcome::interrupted:
      return PROSPERO_FAULT(G5_interrupted_counts_as_a_failure);
    case Outcome::bad_status:
    case Outcome::timeout:
    case Outcome::unreachable:
    case Outcome::not_http:
    case Outcome::tls_error:
    case Outcome::refused_address:
      return true;
  }
  return true;
}

namespace {

Instant counted_from(contract::DelaysFrom from, const std::vector<Attempt>& attempts) {
  const auto& ended = attempts.back();
  if (PROSPERO_FAULT(R2_delay_counts_from_the_start)) return ended.started_at;
  switch (from) {
    case contract::DelaysFrom::previous_failure:
      return ended.ended_at.value();
    case contract::DelaysFrom::first_failure: {
      if (PROSPERO_FAULT(R2_the_first_failure_is_forgotten)) return ended.ended_at.value();
      const auto first = std::ranges::find_if(
          attempts, [](const Attempt& one) { return is_failure(one.outcome.value_or(Outcome::interrupted)); });
      return first->ended_at.value();
    }
  }
  return ended.ended_at.value();
}

}  // namespace

Verdict judge(const std::vector<Duration>& delays, contract::DelaysFrom from, const std::vector<Attempt>& attempts) {
  const auto& ended = attempts.back();
  const auto outcome = ended.outcome.value();
  const bool sent_again = PROSPERO_FAULT(R3_success_is_sent_again) && ended.number == 1;
  if (outcome == Outcome::ok && !sent_again) return {Verdict::Kind::delivered, {}};
  if (PROSPERO_FAULT(G5_interrupted_is_lost) && outcome == Outcome::interrupted) return {Verdict::Kind::abandoned, {}};
  if (!is_failure(outcome)) return {Verdict::Kind::repeat, ended.scheduled_at};
  const bool one_more = PROSPERO_FAULT(R4_a_fifth_attempt) && ended.number == 4;
  const auto failed = static_cast<std::size_t>(one_more ? 3 : ended.number);
  if (failed > delays.size() - (PROSPERO_FAULT(R4_abandoned_one_retry_early) ? 1U : 0U))
    return {Verdict::Kind::abandoned, {}};
  const auto early = PROSPERO_FAULT(R1_each_retry_a_second_early) ? std::chrono::seconds{1} : std::chrono::seconds{0};
  return {Verdict::Kind::retry, counted_from(from, attempts) - early +
                                    delays[PROSPERO_FAULT(R1_every_retry_after_a_minute) ? 0 : failed - 1]};
}

}  // namespace mock::delivery
