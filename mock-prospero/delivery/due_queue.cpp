#include "delivery/due_queue.hpp"

#include <algorithm>
#include <functional>

#include "seeded_fault.hpp"

namespace mock::delivery {

DueQueue::DueQueue(std::size_t in_flight_per_webhook, std::size_t in_flight_total)
    : per_webhook_(in_flight_per_webhook + (PROSPERO_FAULT(G4_one_more_than_the_bound) ? 1U : 0U)),
      total_(in_flight_total) {}

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
  if (in_flight_ >= total_ || ready_.empty()) return std::nullopt;
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
  if (in_flight_ >= total_) return std::nullopt;
  if (!ready_.empty()) return std::get<2>(*ready_.begin());
  if (!waiting_.empty()) return waiting_.begin()->first;
  return std::nullopt;
}

void DueQueue::unplace(Lane& lane) {
  if (lane.ready) ready_.erase(*lane.ready);
  if (lane.waiting) waiting_.erase(*lane.waiting);
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
    waiting_.insert(*lane.waiting);
  }
}

void DueQueue::promote(Instant now) {
  ready_until_ = std::max(ready_until_, now);
  while (!waiting_.empty() && waiting_.begin()->first <= ready_until_) {
    const auto webhook = waiting_.begin()->second;
    unplace(lanes_[webhook]);
    place(webhook);
  }
}

}  // namespace mock::delivery
