#include "store/keeper.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace mock::store {
namespace {

bool is_empty(const Batch& batch) {
  return batch.organizations.empty() && batch.entities.empty() && batch.webhooks.empty() && batch.deliveries.empty();
}

}  // namespace

void Keeper::resume(const std::optional<KeptClock>& clock, std::int64_t last_loss) {
  kept_clock_ = clock;
  losses_ = last_loss;
}

void Keeper::delivery_changed(std::size_t number, const delivery::Delivery& delivery) {
  ++count_;
  const bool may_be_new = delivery.attempts.empty();
  const auto latest = may_be_new ? std::size_t{0} : delivery.attempts.size() - 1;
  auto& mark = changes_.deliveries.emplace_back(DeliveryMark{number, latest, may_be_new, std::nullopt});
  if (delivery::is_lost(delivery.state)) mark.lost_seq = ++losses_;
}

void Keeper::webhook_changed(const delivery::WebhookId& webhook) {
  ++count_;
  changes_.webhooks.add(webhook);
}

void Keeper::organization_added(const world::Organization& organization) {
  ++count_;
  changes_.organizations.push_back(organization);
}

void Keeper::entity_changed(const std::string& id) {
  ++count_;
  changes_.entities.add(id);
}

void Keeper::add(Changes& to, const Changes& later) {
  to.organizations.insert(to.organizations.end(), later.organizations.begin(), later.organizations.end());
  for (const auto& id : later.entities.order) to.entities.add(id);
  for (const auto& id : later.webhooks.order) to.webhooks.add(id);
  to.deliveries.insert(to.deliveries.end(), later.deliveries.begin(), later.deliveries.end());
}

// The order of the numbers is that of the rows.
void Keeper::join_marks(std::vector<DeliveryMark>& marks) {
  std::sort(marks.begin(), marks.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  auto last = marks.begin();
  for (auto next = marks.begin(); next != marks.end(); ++next) {
    if (next == last) continue;
    if (next->number != last->number) {
      *++last = *next;
      continue;
    }
    last->first_changed = std::min(last->first_changed, next->first_changed);
    last->may_be_new |= next->may_be_new;
    if (!last->lost_seq) last->lost_seq = next->lost_seq;
  }
  if (!marks.empty()) marks.erase(last + 1, marks.end());
}

KeptClock Keeper::clock_now() const {
  return {source_->virtual_clock, source_->clock.now() + lead(), source_->world.last_uuid_tick()};
}

bool Keeper::is_fast() const {
  return !source_->virtual_clock && source_->speed > 1;
}

delivery::Duration Keeper::lead() const {
  if (!is_fast() || !leads_) return {};
  return std::chrono::duration_cast<delivery::Duration>(std::chrono::duration<double>(fast_clock_lead) *
                                                        source_->speed);
}

// A real clock moves all the time: its instant is written along with other changes, never for its own sake, unless it
// is a fast one that has used up half of its lead, or stops.
bool Keeper::must_write(const KeptClock& clock) const {
  if (!kept_clock_ || clock.last_uuid_tick != kept_clock_->last_uuid_tick) return true;
  if (clock.virtual_clock) return clock.now != kept_clock_->now;
  return is_fast() && (!leads_ || clock.now - kept_clock_->now > lead() / 2);
}

DeliveryChange Keeper::change_of(const DeliveryMark& mark) const {
  const auto& table = source_->sender.deliveries();
  const auto glance = table.glance(mark.number);
  return {.number = mark.number,
          .made = mark.may_be_new ? std::make_shared<const delivery::Delivery>(table.at(mark.number)) : nullptr,
          .state = glance.state,
          .reason = glance.reason,
          .next_attempt_at = glance.next_attempt_at,
          .lost_at = glance.lost_at,
          .lost_seq = mark.lost_seq,
          .first_changed = mark.first_changed,
          .attempts = table.attempts(mark.number, mark.first_changed)};
}

Batch Keeper::batch() const {
  Batch batch;
  const auto clock = clock_now();
  batch.organizations = changes_.organizations;
  for (const auto& id : changes_.entities.order) batch.entities.push_back(source_->world.kept_entity(id));
  for (const auto& id : changes_.webhooks.order) {
    batch.webhooks.push_back({source_->registry.find(id), source_->sender.webhook(id)});
  }
  batch.deliveries.reserve(changes_.deliveries.size());
  for (const auto& mark : changes_.deliveries) batch.deliveries.push_back(change_of(mark));
  if (must_write(clock) || !is_empty(batch)) batch.clock = clock;
  return batch;
}

engine::Keeping::Write Keeper::collect() {
  if (!source_) return {};  // turns before attach() change nothing
  join_marks(changes_.deliveries);
  auto made = std::make_shared<const Batch>(batch());
  if (!made->clock) return {};
  clock_under_way_ = made->clock;
  under_way_ = std::exchange(changes_, {});
  return [&store = store_, batch = std::move(made)] { store.write(*batch); };
}

void Keeper::settle(bool kept) {
  auto settled = std::exchange(under_way_, {});
  if (kept) {
    kept_clock_ = clock_under_way_;
  } else {
    add(settled, changes_);
    changes_ = std::move(settled);
  }
}

}  // namespace mock::store
