#include "delivery/retry_policy.hpp"

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
    case Outcome::interrupted:
      return false;
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
  if (outcome == Outcome::ok) return {Verdict::Kind::delivered, {}};
  if (!is_failure(outcome)) return {Verdict::Kind::repeat, ended.scheduled_at};
  const auto failed = static_cast<std::size_t>(ended.number);
  if (failed > delays.size()) return {Verdict::Kind::abandoned, {}};
  return {Verdict::Kind::retry, ended.ended_at.value() + delays[failed - 1]};
}

}  // namespace mock::delivery
