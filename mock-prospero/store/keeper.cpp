#include "store/keeper.hpp"

#include <algorithm>

namespace mock::store {
namespace {

bool is_lost(delivery::State state) {
  switch (state) {
    case delivery::State::pending:
    case delivery::State::delivered:
      return false;
    case delivery::State::abandoned:
    case delivery::State::dropped:
      return true;
  }
  return false;
}

bool is_empty(const Batch& batch) {
  return batch.organizations.empty() && batch.entities.empty() && batch.webhooks.empty() && batch.deliveries.empty();
}

}  // namespace

void Keeper::resume(const std::optional<KeptClock>& clock, std::int64_t last_loss) {
  kept_clock_ = clock;
  losses_ = last_loss;
}

void Keeper::delivery_changed(const delivery::Delivery& delivery) {
  ++changes_;
  const auto latest = delivery.attempts.empty() ? std::size_t{0} : delivery.attempts.size() - 1;
  auto& mark = deliveries_.at(source_->sender.deliveries().find(delivery.id).value(), {latest, std::nullopt});
  mark.first_changed = std::min(mark.first_changed, latest);
  if (is_lost(delivery.state) && !mark.loss) mark.loss = Loss{source_->clock.now(), ++losses_};
}

void Keeper::webhook_changed(const delivery::WebhookId& webhook) {
  ++changes_;
  webhooks_.at(webhook, {});
}

void Keeper::organization_added(const world::Organization& organization) {
  ++changes_;
  organizations_.push_back(organization);
}

void Keeper::entity_changed(const std::string& id) {
  ++changes_;
  entities_.at(id, {});
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

Batch Keeper::batch() const {
  Batch batch;
  const auto clock = clock_now();
  batch.organizations = organizations_;
  for (const auto& id : entities_.order) batch.entities.push_back(source_->world.kept_entity(id));
  for (const auto& id : webhooks_.order) {
    batch.webhooks.push_back({source_->registry.find(id), source_->sender.webhook(id)});
  }
  batch.table = &source_->sender.deliveries();
  batch.deliveries.reserve(deliveries_.order.size());
  for (const auto number : deliveries_.order) {
    const auto& mark = deliveries_.values.at(number);
    batch.deliveries.push_back({number, mark.first_changed, mark.loss});
  }
  if (must_write(clock) || !is_empty(batch)) batch.clock = clock;
  return batch;
}

void Keeper::keep() {
  if (!source_) return;  // turns before attach() change nothing
  const auto made = batch();
  if (!made.clock) return;
  store_.write(made);
  kept_clock_ = made.clock;
  organizations_.clear();
  entities_.clear();
  webhooks_.clear();
  deliveries_.clear();
}

}  // namespace mock::store
