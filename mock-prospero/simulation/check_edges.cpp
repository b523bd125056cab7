// G: restarts, interruptions, clocks; and that everything comes to an end once nothing goes wrong any more.
#include <fmt/format.h>

#include <map>

#include "delivery/retry_policy.hpp"
#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

using delivery::Outcome;
using delivery::State;

class Walk {
 public:
  Walk(const Checked& run, Findings& findings) : run_(run), history_(run.history), findings_(findings) {}

  void go() {
    for (const auto& entry : history_.entries) step(entry);
    check_rest();
  }

 private:
  struct Begun {
    Instant clock;
    Duration at;
  };

  void step(const Entry& entry);
  void on_delivery(const Entry& entry);
  void on_begin(const Entry& entry);
  void on_end(const Entry& entry, const Begun& begun);
  void check_rest();
  void check_duration(Number delivery, const AttemptTrack& track);
  void check_pending(Number delivery, const Entry& last);
  void say(std::string_view clause, std::string sentence, std::optional<Number> delivery) {
    findings_.add(clause, std::move(sentence), delivery);
  }

  const Checked& run_;
  const History& history_;
  Findings& findings_;
  std::map<Number, Begun> open_;
  std::optional<Instant> clock_;
  std::optional<Duration> calm_;
  std::size_t last_restart_ = 0;  ///< index of the entry
};

void Walk::step(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::delivery:
      return on_delivery(entry);
    case Entry::Kind::crashed:
      clock_.reset();
      return;
    case Entry::Kind::restored:
      for (const auto& [delivery, begun] : open_)
        say("G5", "under way when the sender crashed, and not recorded as interrupted", delivery);
      last_restart_ = static_cast<std::size_t>(&entry - history_.entries.data());
      return;
    case Entry::Kind::calm:
      calm_ = entry.at;
      return;
    case Entry::Kind::registered:
    case Entry::Kind::disable:
    case Entry::Kind::enable:
    case Entry::Kind::remove:
    case Entry::Kind::fired:
    case Entry::Kind::webhook:
    case Entry::Kind::booted:
    case Entry::Kind::suspended:
    case Entry::Kind::woke:
    case Entry::Kind::wall_step:
      return;
  }
}

void Walk::on_delivery(const Entry& entry) {
  if (clock_ && entry.clock < *clock_)
    say(run_.plan.virtual_clock ? "G6" : "G7", fmt::format("the clock goes back to {}", seconds(entry.clock)),
        entry.subject);
  clock_ = entry.clock;
  const auto at = open_.find(entry.subject);
  const bool open = entry.delivery.attempts > 0 && !entry.delivery.last.ended_at;
  if (open && at == open_.end()) on_begin(entry);
  if (!open && at != open_.end()) {
    on_end(entry, at->second);
    open_.erase(at);
  }
}

void Walk::on_begin(const Entry& entry) {
  const auto& attempt = entry.delivery.last;
  if (attempt.started_at != entry.clock)
    say(run_.plan.virtual_clock ? "G6" : "G7",
        fmt::format("an attempt begins at {}, and {} is recorded", seconds(entry.clock), seconds(attempt.started_at)),
        entry.subject);
  if (run_.plan.virtual_clock) {
    for (const auto& [delivery, begun] : open_) {
      if (entry.at - begun.at < entry.clock - begun.clock)
        say("G6",
            fmt::format("an attempt begins at {} although one from {} has run for {} us only", seconds(entry.clock),
                        seconds(begun.clock), (entry.at - begun.at).count()),
            entry.subject);
    }
  }
  open_.emplace(entry.subject, Begun{entry.clock, entry.at});
}

void Walk::on_end(const Entry& entry, const Begun& begun) {
  const auto& attempt = entry.delivery.last;
  if (attempt.outcome == Outcome::interrupted) return;
  const auto took = *attempt.ended_at - attempt.started_at;
  const auto really = entry.at - begun.at;
  if (run_.plan.virtual_clock ? took > entry.clock - attempt.started_at : took != really)
    say(run_.plan.virtual_clock ? "G6" : "G7",
        fmt::format("an attempt that took {} us is recorded with {} us", really.count(), took.count()), entry.subject);
  if (calm_ && begun.at > *calm_ && attempt.outcome != Outcome::ok)
    say("D3", "an attempt that its consumer answered with 200 at once is a failure", entry.subject);
}

void Walk::check_rest() {
  if (!history_.came_to_rest) say("G6", "the sender never comes to rest", {});
  for (Number number = 0; number < history_.deliveries.size(); ++number) {
    const auto& track = run_.tracks.deliveries[number];
    if (!track.entries.empty()) check_pending(number, history_.entries[track.entries.back()]);
    const delivery::Attempt* before = nullptr;
    for (const auto& one : track.attempts) {
      const bool copy =
          before != nullptr && before->outcome == Outcome::interrupted && (before->uncertain || before->detail.empty());
      if (copy != one.attempt.uncertain)
        say("G5",
            fmt::format("attempt {} is {}marked as uncertain", one.attempt.number, one.attempt.uncertain ? "" : "not "),
            number);
      if (one.attempt.outcome == Outcome::interrupted && !one.attempt.detail.empty() && !one.receipts.empty())
        say("G5", fmt::format("attempt {} is recorded as not sent, and arrived", one.attempt.number), number);
      check_duration(number, one);
      before = &one.attempt;
    }
  }
}

void Walk::check_duration(Number delivery, const AttemptTrack& track) {
  const auto& attempt = track.attempt;
  if (attempt.outcome != Outcome::ok) return;
  const auto took = *attempt.ended_at - attempt.started_at;
  for (const auto i : track.receipts) {
    const auto& receipt = history_.receipts[i];
    if (receipt.answered && took < *receipt.answered - receipt.sent)
      say("G6",
          fmt::format("attempt {} took {} us and is recorded with {} us", attempt.number,
                      (*receipt.answered - receipt.sent).count(), took.count()),
          delivery);
  }
}

void Walk::check_pending(Number delivery, const Entry& last) {
  if (last.delivery.state != State::pending) return;
  if (last.delivery.attempts > 0 && last.delivery.last.outcome == Outcome::interrupted)
    return say("G5", "interrupted, and never made again", delivery);
  if (last_restart_ > static_cast<std::size_t>(&last - history_.entries.data())) {
    const bool overdue = last.delivery.next_attempt_at < history_.entries[last_restart_].clock;
    return say(overdue ? "G4" : "G7", "pending when the sender crashed, and never heard of again", delivery);
  }
  say("R1", "still pending although nothing more happens", delivery);
}

}  // namespace

void check_edges(const Checked& run, Findings& findings) {
  Walk{run, findings}.go();
}

}  // namespace mock::simulation
