// D8 and G4: what is due is sent as soon as there is a slot, in the order that is promised.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "contract/values.hpp"
#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

struct Lane {
  std::set<std::pair<Instant, Number>> waiting;
  std::size_t in_flight = 0;
  std::uint64_t served = 0;
};

struct Item {
  std::optional<Instant> due;
  bool open = false;
};

class Walk {
 public:
  Walk(const Checked& run, Findings& findings)
      : history_(run.history),
        per_webhook_(run.plan.sender.in_flight_per_webhook),
        total_(run.plan.sender.in_flight_total),
        shared_(total_ - contract::slots_kept(per_webhook_, total_)),
        findings_(findings),
        lanes_(run.history.webhooks.size()),
        items_(run.history.deliveries.size()) {}

  void go() {
    for (const auto& entry : history_.entries) step(entry);
  }

 private:
  void step(const Entry& entry);
  void on_crash();
  void on_delivery(const Entry& entry);
  void check_idle(Instant now);
  void check_begin(const Entry& entry, const Item& item);
  void check_fair(const Entry& entry, Number webhook, Instant due);
  bool has_slot(const Lane& lane) const {
    return lane.in_flight < per_webhook_ && in_flight_ < (lane.in_flight == 0 ? total_ : shared_);
  }
  auto rank(const Lane& lane, Instant due) const { return std::tuple{lane.in_flight, lane.served, due}; }

  const History& history_;
  std::size_t per_webhook_, total_, shared_;
  Findings& findings_;
  std::vector<Lane> lanes_;
  std::vector<Item> items_;
  std::size_t in_flight_ = 0;
  std::uint64_t served_ = 0;
  std::optional<Instant> clock_;  ///< what the sender's clock showed last; nothing while it is down or asleep
};

void Walk::step(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::crashed:
      return on_crash();
    case Entry::Kind::suspended:
      clock_.reset();
      return;
    case Entry::Kind::woke:
    case Entry::Kind::restored:
      if (entry.clock != Instant{}) clock_ = entry.clock;
      return;
    case Entry::Kind::delivery:
      if (clock_) check_idle(entry.clock);
      return on_delivery(entry);
    case Entry::Kind::webhook:
    case Entry::Kind::fired:
      if (clock_) check_idle(entry.clock);
      return;
    case Entry::Kind::registered:
    case Entry::Kind::disable:
    case Entry::Kind::enable:
    case Entry::Kind::remove:
    case Entry::Kind::booted:
    case Entry::Kind::wall_step:
    case Entry::Kind::calm:
      return;
  }
}

void Walk::on_crash() {
  clock_.reset();
  in_flight_ = 0;
  for (auto& lane : lanes_) lane.in_flight = lane.served = 0;
  for (auto& item : items_) item.open = false;
}

/// The clock moves on: nothing that was due may have been left although it had a slot.
void Walk::check_idle(Instant now) {
  if (now > *clock_) {
    for (const auto& lane : lanes_) {
      if (lane.waiting.empty() || lane.waiting.begin()->first > *clock_ || !has_slot(lane)) continue;
      findings_.add("D8",
                    fmt::format("due at {}, and not sent at {} although there is a free slot",
                                seconds(lane.waiting.begin()->first), seconds(now)),
                    lane.waiting.begin()->second);
    }
  }
  clock_ = now;
}

void Walk::on_delivery(const Entry& entry) {
  auto& item = items_[entry.subject];
  auto& lane = lanes_[history_.deliveries[entry.subject].webhook];
  const auto& view = entry.delivery;
  const bool open = view.attempts > 0 && !view.last.ended_at;
  if (open && !item.open) check_begin(entry, item);
  if (item.due) lane.waiting.erase({*item.due, entry.subject});
  item.due = view.next_attempt_at;
  if (item.due) lane.waiting.insert({*item.due, entry.subject});
  if (open && !item.open) {
    ++lane.in_flight;
    ++in_flight_;
    lane.served = ++served_;
  }
  if (!open && item.open) {
    --lane.in_flight;
    --in_flight_;
  }
  item.open = open;
}

void Walk::check_begin(const Entry& entry, const Item& item) {
  const auto webhook = history_.deliveries[entry.subject].webhook;
  const auto& lane = lanes_[webhook];
  if (lane.in_flight >= per_webhook_)
    findings_.add("G4",
                  fmt::format("{} attempts to webhook {} at a time", lane.in_flight + 1, history_.webhooks[webhook].id),
                  entry.subject);
  if (lane.in_flight > 0 && in_flight_ >= shared_ && in_flight_ < total_)
    findings_.add("G4", "a slot that is kept for webhooks with nothing under way went to another one", entry.subject);
  if (in_flight_ >= total_)
    findings_.add("G4", fmt::format("{} attempts at a time in all", in_flight_ + 1), entry.subject);
  if (item.due) check_fair(entry, webhook, *item.due);
}

void Walk::check_fair(const Entry& entry, Number webhook, Instant due) {
  const auto& own = lanes_[webhook];
  if (own.waiting.begin()->first < due)
    findings_.add("G4",
                  fmt::format("sent although another delivery of its webhook was due before it, at {}",
                              seconds(own.waiting.begin()->first)),
                  entry.subject);
  for (Number other = 0; other < lanes_.size(); ++other) {
    const auto& lane = lanes_[other];
    if (other == webhook || lane.waiting.empty() || lane.waiting.begin()->first > entry.clock || !has_slot(lane))
      continue;
    if (rank(lane, lane.waiting.begin()->first) < rank(own, due))
      findings_.add(
          "G4",
          fmt::format("webhook {} is served with {} attempts under way before webhook {} with {}",
                      history_.webhooks[webhook].id, own.in_flight, history_.webhooks[other].id, lane.in_flight),
          entry.subject);
  }
}

}  // namespace

void check_slots(const Checked& run, Findings& findings) {
  Walk{run, findings}.go();
}

}  // namespace mock::simulation
