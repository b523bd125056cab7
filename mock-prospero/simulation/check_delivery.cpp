// D: what counts as success, the deadline, bulk changes.
#include <fmt/format.h>

#include <algorithm>

#include "contract/values.hpp"
#include "delivery/retry_policy.hpp"
#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

using delivery::Outcome;
using delivery::to_text;

constexpr Duration deadline = contract::answer_within;

/// A 200 that was complete before the deadline.
bool answered_in_time(const History& history, const AttemptTrack& attempt) {
  return std::any_of(attempt.receipts.begin(), attempt.receipts.end(), [&](std::size_t i) {
    const auto& receipt = history.receipts[i];
    return receipt.status == contract::success_status && receipt.answered && *receipt.answered <= *attempt.ended &&
           *receipt.answered - attempt.began < deadline;
  });
}

bool slept_during(const History& history, const AttemptTrack& attempt) {
  return std::any_of(history.entries.begin(), history.entries.end(), [&](const Entry& entry) {
    return (entry.kind == Entry::Kind::suspended || entry.kind == Entry::Kind::woke) && entry.at >= attempt.began &&
           entry.at <= *attempt.ended;
  });
}

void check_attempt(const Checked& run, Number number, const AttemptTrack& track, Findings& findings) {
  const auto& attempt = track.attempt;
  if (!attempt.ended_at || attempt.outcome == Outcome::interrupted) return;
  const auto took = *attempt.ended_at - attempt.started_at;
  if (*attempt.outcome == Outcome::ok && !answered_in_time(run.history, track))
    findings.add("D3", fmt::format("attempt {} is recorded as ok, but no 200 arrived in time", attempt.number), number);
  if (*attempt.outcome == Outcome::ok && took >= deadline)
    findings.add("D4", fmt::format("attempt {} is recorded as ok after {} us", attempt.number, took.count()), number);
  if (*attempt.outcome == Outcome::timeout && took < deadline)
    findings.add("D4", fmt::format("attempt {} timed out after {} us already", attempt.number, took.count()), number);
  if (took > deadline && *track.ended - track.began > deadline && !slept_during(run.history, track))
    findings.add("D4", fmt::format("attempt {} went on for {} us", attempt.number, took.count()), number);
}

void check_first_due(const Entry& entry, Findings& findings) {
  const auto& view = entry.delivery;
  if (view.attempts == 0 && view.next_attempt_at && *view.next_attempt_at != view.created_at)
    findings.add("D9", "a delivery is not due when its webhook event happens", entry.subject);
}

}  // namespace

void check_delivery(const Checked& run, Findings& findings) {
  for (Number number = 0; number < run.tracks.deliveries.size(); ++number) {
    const auto& track = run.tracks.deliveries[number];
    for (const auto& attempt : track.attempts) check_attempt(run, number, attempt, findings);
    if (!track.entries.empty()) check_first_due(run.history.entries[track.entries.front()], findings);
  }
}

}  // namespace mock::simulation
