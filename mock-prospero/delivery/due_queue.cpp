#include "delivery/due_queue.hpp"

#include <algorithm>
#include <functional>

#include "contract/values.hpp"

#include "seeded_fault.hpp"

namespace mock::delivery {

DueQueue::DueQueue(std::size_t in_flight_per_webhook, std::size_t in_flight_total)
    : per_webhook_(in_flight_per_webhook + (PROSPERO_FAULT(G4_one_more_than_the_bound) ? 1U : 0U)),
      total_(in_flight_total),
      shared_(total_ -
              (PROSPERO_FAULT(G4_no_slot_is_kept) ? 0U : contract::slots_kept(in_flight_per_webhook, total_))) {}

std::size_t DueQueue::add_webhook() {
  lanes_.emplace_back();
  return lanes_.size() - 1;
}

void DueQueue::push(std::size_t webhook, Instant due, std::size_t delivery) {
  auto& lane = lanes_.at(webhook);
  unplace(lane);
  lane.pending.emplace_back(due, delivery);
  std::push_heap(lane.pending.begin(), lane.pending.end(), std::greater{});
  place(webhook);
}

std::vector<std::size_t> DueQueue::clear(std::size_t webhook) {
  auto& lane = lanes_.at(webhook);
  unplace(lane);
  auto pending = std::exchange(lane.pending, {});
  std::sort(pending.begin(), pending.end());
  std::vector<std::size_t> deliveries;
  deliveries.reserve(pending.size());
  for (const auto& [due, delivery] : pending) deliveries.push_back(delivery);
  return deliveries;
}

std::optional<std::size_t> DueQueue::take(Instant now) {
  promote(now);
  if (ready_.empty() || !has_slot(std::get<0>(*ready_.begin()))) return std::nullopt;
  const auto webhook = std::get<3>(*ready_.begin());
  auto& lane = lanes_[webhook];
  unplace(lane);
  if (!PROSPERO_FAULT(G4_not_the_oldest_due_first))
    std::pop_heap(lane.pending.begin(), lane.pending.end(), std::greater{});
  const auto delivery = lane.pending.back().second;
  lane.pending.pop_back();
  lane.served = ++served_;
  ++lane.in_flight;
  ++in_flight_;
  place(webhook);
  return delivery;
}

void DueQueue::release(std::size_t webhook) {
  auto& lane = lanes_.at(webhook);
  unplace(lane);
  --lane.in_flight;
  --in_flight_;
  place(webhook);
}

std::optional<Instant> DueQueue::next_due() const {
  if (!ready_.empty() && has_slot(std::get<0>(*ready_.begin()))) return std::get<2>(*ready_.begin());
  std::optional<Instant> next;
  if (!waiting_idle_.empty() && has_slot(0)) next = waiting_idle_.begin()->first;
  if (!waiting_busy_.empty() && has_slot(1)) {
    next = std::min(next.value_or(Instant::max()), waiting_busy_.begin()->first);
  }
  return next;
}

bool DueQueue::has_slot(std::size_t taken_by_webhook) const {
  return in_flight_ < (taken_by_webhook == 0 ? total_ : shared_);
}

void DueQueue::unplace(Lane& lane) {
  if (lane.ready) ready_.erase(*lane.ready);
  if (lane.waiting) (lane.in_flight == 0 ? waiting_idle_ : waiting_busy_).erase(*lane.waiting);
  lane.ready.reset();
  lane.waiting.reset();
}

void DueQueue::place(std::size_t webhook) {
  auto& lane = lanes_[webhook];
  if (lane.pending.empty() || lane.in_flight >= (PROSPERO_FAULT(D8_deliveries_do_not_overlap) ? 1 : per_webhook_))
    return;
  const auto due = lane.pending.front().first;
  if (due <= ready_until_) {
    const bool unfair = PROSPERO_FAULT(G4_oldest_due_takes_all_slots);
    lane.ready = ReadyKey{unfair ? 0 : lane.in_flight, unfair ? 0 : lane.served, due, webhook};
    ready_.insert(*lane.ready);
  } else {
    lane.waiting = WaitingKey{due, webhook};
    (lane.in_flight == 0 ? waiting_idle_ : waiting_busy_).insert(*lane.waiting);
  }
}

void DueQueue::promote(Instant now) {
  ready_until_ = std::max(ready_until_, now);
  for (auto* waiting : {&waiting_idle_, &waiting_busy_}) {
    while (!waiting->empty() && waiting->begin()->first <= ready_until_) {
      const auto webhook = waiting->begin()->second;
      unplace(lanes_[webhook]);
      place(webhook);
    }
  }
}

}  // namespace mock::delivery
