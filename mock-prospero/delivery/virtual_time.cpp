#include "delivery/virtual_time.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "seeded_fault.hpp"

namespace mock::delivery {
namespace {

constexpr Duration advance_max = std::chrono::years{10'000};

}  // namespace

std::string_view to_text(NextStep::Kind kind) {
  switch (kind) {
    case NextStep::Kind::finished:
      return "finished";
    case NextStep::Kind::wait_for_end:
      return "wait_for_end";
    case NextStep::Kind::wait_at_most:
      return "wait_at_most";
  }
  return "?";
}

Instant VirtualClock::end_of(Instant started_at, Duration took) const {
  return PROSPERO_FAULT(G6_attempts_take_no_time) ? now_ : std::max(started_at + took, now_);
}

void VirtualClock::set(Instant now) {
  now_ = std::max(now_, now);
}

/// The attempts that the transport has not answered, each as its virtual start minus its real start. That difference
/// stays, so the smallest one tells how far every attempt has come: that plus the real time of now.
struct VirtualTime::Running {
  std::multiset<Duration> offsets;

  bool none() const { return offsets.empty(); }
  /// Every attempt under way will end at this instant or later. Only if there is one.
  Instant reached(Duration real_now) const { return Instant{*offsets.begin() + real_now}; }
};

VirtualTime::VirtualTime(VirtualClock& clock, Transport& transport, Monotonic monotonic)
    : clock_(clock), transport_(transport), monotonic_(std::move(monotonic)), running_(std::make_shared<Running>()) {}

VirtualTime::~VirtualTime() = default;

void VirtualTime::post(Push push, Done done) {
  ++attempts_;
  const auto place = running_->offsets.insert(clock_.now().time_since_epoch() - monotonic_());
  transport_.post(std::move(push), [running = running_, place, done = std::move(done)](AttemptResult result) {
    running->offsets.erase(place);
    done(std::move(result));
  });
}

void VirtualTime::advance_by(Duration by) {
  if (by < Duration{}) throw std::invalid_argument("the virtual clock does not go back");
  if (by > advance_max) throw std::invalid_argument("the virtual clock goes on by at most 10,000 years at a time");
  begin(ByDuration{by});
}

void VirtualTime::advance_to(Instant to) {
  begin(ToInstant{to});
}

void VirtualTime::advance_to_next() {
  begin(ToNext{});
}

void VirtualTime::begin(Wish wish) {
  if (wish_) throw std::logic_error("the virtual clock is already being advanced");
  wish_ = wish;
  target_.reset();
  attempts_ = 0;
}

bool VirtualTime::advancing() const {
  return wish_.has_value();
}

std::size_t VirtualTime::attempts() const {
  return attempts_;
}

NextStep VirtualTime::step(Sender& sender) {
  for (;;) {
    if (const auto change = next_change(sender)) {
      const auto wait = wait_before(*change);
      if (wait > Duration{} && !PROSPERO_FAULT(G6_starts_do_not_wait_for_earlier_ends))
        return {NextStep::Kind::wait_at_most, wait};
      take_effect(sender, *change);
    } else if (!running_->none() && !PROSPERO_FAULT(G6_an_advance_does_not_wait)) {
      return {NextStep::Kind::wait_for_end, {}};
    } else if (!move_on(sender)) {
      return {NextStep::Kind::finished, {}};
    }
  }
}

/// The next start or end in virtual order; an end goes before a start at the same instant, because it frees a slot or
/// disables the webhook. A start beyond the goal of the advance counts only while something is in flight that may carry
/// the clock past it.
std::optional<VirtualTime::Change> VirtualTime::next_change(const Sender& sender) const {
  const auto end = sender.next_end();
  auto start = sender.next_due();
  if (start) start = std::max(*start, clock_.now());
  if (end && (!start || *end < *start || (*end == *start && !PROSPERO_FAULT(G6_a_start_goes_before_an_end))))
    return Change{*end, true};
  const auto goal = std::max(target_.value_or(clock_.now()), clock_.now());
  if (start && (*start <= goal || end || !running_->none())) return Change{*start, false};
  return std::nullopt;
}

/// How long in real time until no attempt under way can end before `change`; for a change that is an end itself, not at
/// the same instant either.
Duration VirtualTime::wait_before(const Change& change) const {
  if (running_->none()) return Duration{};
  const auto missing = change.at - running_->reached(monotonic_());
  return change.is_end ? missing + Duration{1} : missing;
}

void VirtualTime::take_effect(Sender& sender, const Change& change) {
  clock_.set(change.at + (PROSPERO_FAULT(G6_the_clock_runs_ahead) ? Duration{std::chrono::seconds{1}} : Duration{}));
  if (change.is_end) {
    sender.apply_ends(change.at);
  } else {
    sender.start_due();
  }
}

/// All is quiet up to now: sets the goal of the advance, or ends the advance. False if there is nothing left to do.
bool VirtualTime::move_on(const Sender& sender) {
  if (!wish_) return false;
  if (!target_) {
    target_ = goal_of(*wish_, clock_.now(), sender.next_due());
    return true;
  }
  clock_.set(*target_);
  wish_.reset();
  target_.reset();
  return false;
}

Instant VirtualTime::goal_of(const Wish& wish, Instant now, std::optional<Instant> next_due) {
  if (const auto* by = std::get_if<ByDuration>(&wish)) return now + by->by;
  if (const auto* to = std::get_if<ToInstant>(&wish)) return to->to;
  return next_due.value_or(now);
}

}  // namespace mock::delivery
