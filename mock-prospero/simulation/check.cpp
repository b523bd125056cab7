#include "simulation/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace mock::simulation {
namespace {

void follow(DeliveryTrack& track, const Entry& entry, std::size_t index) {
  track.entries.push_back(index);
  if (entry.delivery.attempts == 0) return;
  const auto& last = entry.delivery.last;
  if (!last.ended_at) {
    track.attempts.push_back({last, entry.at, {}, index, {}});
  } else if (!track.attempts.empty() && !track.attempts.back().ended) {
    track.attempts.back().attempt = last;
    track.attempts.back().ended = entry.at;
  }
}

/// The attempt that began last before the push set out, of the delivery that it belongs to.
AttemptTrack* attempt_of(Tracks& tracks, const History& history, const std::vector<Number>& candidates,
                         const Receipt& receipt) {
  for (const auto number : candidates) {
    if (history.webhooks[history.deliveries[number].webhook].url != receipt.url) continue;
    auto& attempts = tracks.deliveries[number].attempts;
    const auto at = std::find_if(attempts.rbegin(), attempts.rend(),
                                 [&](const AttemptTrack& one) { return one.began <= receipt.sent; });
    if (at != attempts.rend()) return &*at;
  }
  return nullptr;
}

}  // namespace

void Findings::add(std::string_view clause, std::string sentence, std::optional<Number> delivery) {
  const bool known =
      std::any_of(found_.begin(), found_.end(), [&](const Violation& one) { return one.clause == clause; });
  if (!known) found_.push_back({std::string{clause}, std::move(sentence), delivery});
}

Tracks track(const History& history) {
  Tracks tracks;
  tracks.deliveries.resize(history.deliveries.size());
  for (std::size_t i = 0; i < history.entries.size(); ++i) {
    const auto& entry = history.entries[i];
    if (entry.kind == Entry::Kind::delivery) follow(tracks.deliveries[entry.subject], entry, i);
  }
  std::vector<std::vector<Number>> by_change(history.changes.size());
  for (Number number = 0; number < history.deliveries.size(); ++number)
    by_change[history.deliveries[number].change].push_back(number);
  for (std::size_t i = 0; i < history.receipts.size(); ++i) {
    const auto& receipt = history.receipts[i];
    const auto change = change_of(*receipt.body);
    auto* attempt =
        change && *change < by_change.size() ? attempt_of(tracks, history, by_change[*change], receipt) : nullptr;
    if (attempt != nullptr) {
      attempt->receipts.push_back(i);
    } else {
      tracks.stray_receipts.push_back(i);
    }
  }
  return tracks;
}

std::vector<Violation> check(const History& history, const Plan& plan) {
  const auto tracks = track(history);
  const Checked run{history, plan, tracks};
  Findings findings;
  check_delivery(run, findings);
  check_retries(run, findings);
  check_disabling(run, findings);
  check_subscriptions(run, findings);
  check_slots(run, findings);
  check_edges(run, findings);
  return std::move(findings).take();
}

std::string seconds(Instant instant) {
  constexpr Instant zero{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
  const auto us = (instant - zero).count();
  return fmt::format("{}{}.{:06} s", us < 0 ? "-" : "", std::abs(us) / 1'000'000, std::abs(us) % 1'000'000);
}

}  // namespace mock::simulation
