// R: the ladder of one delivery.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "delivery/retry_policy.hpp"
#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

using delivery::Attempt;
using delivery::Outcome;
using delivery::State;

constexpr std::array<Duration, 3> delays{std::chrono::minutes{1}, std::chrono::hours{1}, std::chrono::hours{6}};
constexpr int attempts_max = 4;

class Ladder {
 public:
  Ladder(const Checked& run, Number number, Findings& findings)
      : history_(run.history),
        track_(run.tracks.deliveries[number]),
        from_first_(run.plan.sender.delays_from == contract::DelaysFrom::first_failure),
        number_(number),
        findings_(findings) {}

  void check() {
    const AttemptTrack* before = nullptr;
    for (const auto& one : track_.attempts) {
      check_begin(before, one);
      check_bytes(one);
      before = &one;
    }
    for (std::size_t i = 0; i < track_.entries.size(); ++i) {
      const auto& view = view_at(i);
      if (i > 0 && view_at(i - 1).state != State::pending) check_after_end(view_at(i - 1));
      if (i > 0) check_scheduled(view_at(i - 1), view);
      if (view.attempts > 0 && view.last.ended_at && (i == 0 || !view_at(i - 1).next_attempt_at)) check_end(view);
    }
  }

 private:
  const DeliveryView& view_at(std::size_t i) const { return history_.entries[track_.entries[i]].delivery; }
  void say(std::string_view clause, std::string sentence) { findings_.add(clause, std::move(sentence), number_); }

  void check_begin(const AttemptTrack* before_track, const AttemptTrack& track);
  void check_delay(const AttemptTrack& before_track, const AttemptTrack& track);
  Instant first_failure() const;
  bool restarted_between(const AttemptTrack& before, const AttemptTrack& now) const;
  void check_bytes(const AttemptTrack& attempt);
  void check_end(const DeliveryView& view);
  void check_scheduled(const DeliveryView& before, const DeliveryView& now);
  void check_after_end(const DeliveryView& ended);

  const History& history_;
  const DeliveryTrack& track_;
  bool from_first_;
  Number number_;
  Findings& findings_;
};

void Ladder::check_begin(const AttemptTrack* before_track, const AttemptTrack& track) {
  const auto& now = track.attempt;
  if (now.started_at < now.scheduled_at)
    say("R1", fmt::format("attempt {} starts at {}, before it is due at {}", now.number, seconds(now.started_at),
                          seconds(now.scheduled_at)));
  if (now.number > attempts_max) say("R4", fmt::format("attempt {} is made; there are at most four", now.number));
  if (before_track == nullptr) {
    if (now.number != 1) say("R1", fmt::format("the first attempt has number {}", now.number));
    return;
  }
  const auto* const before = &before_track->attempt;
  if (!before->outcome) return say("R3", fmt::format("attempt {} begins while another one is under way", now.number));
  if (before->outcome == Outcome::ok) return say("R3", fmt::format("attempt {} follows a success", now.number));
  if (before->outcome == Outcome::interrupted) {
    if (now.number != before->number)
      say("G5", fmt::format("attempt {} follows the interrupted attempt {}", now.number, before->number));
    if (now.scheduled_at != before->scheduled_at)
      say("G4", fmt::format("the instant asked for was {}, recorded is {}", seconds(before->scheduled_at),
                            seconds(now.scheduled_at)));
    return;
  }
  if (now.number != before->number + 1)
    say("R1", fmt::format("attempt {} follows attempt {}", now.number, before->number));
  check_delay(*before_track, track);
}

bool Ladder::restarted_between(const AttemptTrack& before, const AttemptTrack& now) const {
  for (auto i = before.begin_entry; i < now.begin_entry; ++i) {
    if (history_.entries[i].kind == Entry::Kind::booted) return true;
  }
  return false;
}

/// Of a delivery that has one.
Instant Ladder::first_failure() const {
  const auto first = std::ranges::find_if(track_.attempts, [](const AttemptTrack& one) {
    return one.attempt.outcome && delivery::is_failure(*one.attempt.outcome);
  });
  return first->attempt.ended_at.value();
}

void Ladder::check_delay(const AttemptTrack& before_track, const AttemptTrack& track) {
  const auto& before = before_track.attempt;
  const auto& now = track.attempt;
  if (before.number < 1 || before.number > static_cast<int>(delays.size())) return;
  const auto delay = delays[static_cast<std::size_t>(before.number - 1)];
  const auto due = (from_first_ ? first_failure() : *before.ended_at) + delay;
  if (now.scheduled_at == due) return;
  const auto from = now.scheduled_at - delay;
  const bool from_elsewhere = from == before.started_at || from == before.ended_at || from == first_failure();
  say(from_elsewhere                           ? "R2"
      : restarted_between(before_track, track) ? "G7"
                                               : "R1",
      fmt::format("attempt {} failed at {}, attempt {} is due at {} instead of {}", before.number,
                  seconds(*before.ended_at), now.number, seconds(now.scheduled_at), seconds(due)));
}

void Ladder::check_bytes(const AttemptTrack& attempt) {
  for (const auto i : attempt.receipts) {
    if (*history_.receipts[i].body != *history_.deliveries[number_].body)
      say("R5", fmt::format("attempt {} brought other bytes than those of the webhook event", attempt.attempt.number));
  }
  if (attempt.receipts.size() > 1)
    say("R3", fmt::format("attempt {} brought the push {} times", attempt.attempt.number, attempt.receipts.size()));
}

void Ladder::check_end(const DeliveryView& view) {
  const auto& last = view.last;
  if (last.outcome == Outcome::ok) {
    if (view.state != State::delivered) say("R3", "the delivery goes on after a success");
    return;
  }
  if (last.outcome == Outcome::interrupted) {
    if (view.state == State::delivered || view.state == State::abandoned) say("G5", "interrupted, and not made again");
    return;
  }
  if (view.state == State::delivered) return say("R3", "delivered without a success");
  if (view.state == State::dropped) return;
  const bool last_one = last.number >= attempts_max;
  if (last_one && view.state != State::abandoned) say("R4", "not abandoned after the fourth failure");
  if (!last_one && view.state == State::abandoned) say("R4", fmt::format("abandoned after attempt {}", last.number));
  if (view.state == State::pending && !view.next_attempt_at)
    say("R1", fmt::format("no attempt is planned after the failure of attempt {}", last.number));
}

void Ladder::check_scheduled(const DeliveryView& before, const DeliveryView& now) {
  const bool begins = now.attempts > before.attempts;
  if (begins && before.next_attempt_at && now.last.scheduled_at != *before.next_attempt_at)
    say("G4", fmt::format("planned for {}, and recorded as scheduled for {}", seconds(*before.next_attempt_at),
                          seconds(now.last.scheduled_at)));
}

void Ladder::check_after_end(const DeliveryView& ended) {
  switch (ended.state) {
    case State::pending:
      return;
    case State::delivered:
      return say("R3", "something happens to a delivery that was delivered");
    case State::abandoned:
      return say("R4", "something happens to a delivery that was abandoned");
    case State::dropped:
      return say("X3", "something happens to a delivery that was dropped");
  }
}

}  // namespace

void check_retries(const Checked& run, Findings& findings) {
  for (Number number = 0; number < run.tracks.deliveries.size(); ++number) Ladder{run, number, findings}.check();
}

}  // namespace mock::simulation
