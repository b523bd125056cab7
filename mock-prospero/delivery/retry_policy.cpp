#include "delivery/retry_policy.hpp"

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

Verdict judge(const std::vector<Duration>& delays, const Attempt& ended) {
  const auto outcome = ended.outcome.value();
  const bool sent_again = PROSPERO_FAULT(R3_success_is_sent_again) && ended.number == 1;
  if (outcome == Outcome::ok && !sent_again) return {Verdict::Kind::delivered, {}};
  if (PROSPERO_FAULT(G5_interrupted_is_lost) && outcome == Outcome::interrupted) return {Verdict::Kind::abandoned, {}};
  if (!is_failure(outcome)) return {Verdict::Kind::repeat, ended.scheduled_at};
  const bool one_more = PROSPERO_FAULT(R4_a_fifth_attempt) && ended.number == 4;
  const auto failed = static_cast<std::size_t>(one_more ? 3 : ended.number);
  if (failed > delays.size() - (PROSPERO_FAULT(R4_abandoned_one_retry_early) ? 1U : 0U))
    return {Verdict::Kind::abandoned, {}};
  const auto counted_from = PROSPERO_FAULT(R2_delay_counts_from_the_start) ? ended.started_at : ended.ended_at.value();
  const auto early = PROSPERO_FAULT(R1_each_retry_a_second_early) ? std::chrono::seconds{1} : std::chrono::seconds{0};
  return {Verdict::Kind::retry,
          counted_from - early + delays[PROSPERO_FAULT(R1_every_retry_after_a_minute) ? 0 : failed - 1]};
}

}  // namespace mock::delivery
