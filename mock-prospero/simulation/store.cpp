#include "simulation/store.hpp"

#include <algorithm>

namespace mock::simulation {
namespace {

DeliveryView view_of(const delivery::Delivery& delivery) {
  DeliveryView view{.state = delivery.state,
                    .reason = delivery.reason,
                    .next_attempt_at = delivery.next_attempt_at,
                    .created_at = delivery.created_at,
                    .attempts = delivery.attempts.size(),
                    .last = {}};
  if (!delivery.attempts.empty()) view.last = delivery.attempts.back();
  return view;
}

template <class T>
void put(std::vector<T>& values, Number at, T value) {
  if (at == values.size()) {
    values.push_back(std::move(value));
  } else {
    values[at] = std::move(value);
  }
}

}  // namespace

void Store::attach(const delivery::Sender& sender, const delivery::Clock& clock) {
  sender_ = &sender;
  clock_ = &clock;
}

void Store::detach() {
  sender_ = nullptr;
  clock_ = nullptr;
}

Entry Store::stamped(Entry::Kind kind, Number subject) const {
  Entry entry;
  entry.kind = kind;
  entry.at = timeline_.now();
  if (clock_ != nullptr) entry.clock = clock_->now();
  entry.subject = subject;
  return entry;
}

void Store::add(Entry entry, Write write) {
  pending_.push_back({history_.entries.size(), [clock = entry.clock, write = std::move(write)](Image& image) {
                        if (write) write(image);
                        image.clock = std::max(image.clock, clock);
                      }});
  history_.entries.push_back(std::move(entry));
}

void Store::note(Entry::Kind kind, Number subject) {
  add(stamped(kind, subject), {});
}

void Store::delivery_changed(std::size_t, const delivery::Delivery& delivery) {
  const auto [at, fresh] = delivery_numbers_.try_emplace(delivery.id, history_.deliveries.size());
  const auto number = at->second;
  if (fresh) {
    history_.deliveries.push_back(
        {delivery.id, webhook_numbers_.at(delivery.webhook_id), change_of(*delivery.body).value(), delivery.body});
  }
  auto entry = stamped(Entry::Kind::delivery, number);
  entry.delivery = view_of(delivery);
  add(std::move(entry), [number, delivery](Image& image) { put(image.deliveries, number, delivery); });
  opportunity();
}

void Store::webhook_changed(const delivery::WebhookId& webhook) {
  const auto number = webhook_numbers_.at(webhook);
  const auto& status = sender_->webhook(webhook);
  auto entry = stamped(Entry::Kind::webhook, number);
  entry.webhook = {status.enabled, status.deleted, status.consecutive_failures};
  add(std::move(entry), [number, status](Image& image) { put(image.webhooks, number, status); });
  opportunity();
}

void Store::registered(const registry::Webhook& webhook) {
  const auto number = history_.webhooks.size();
  webhook_numbers_.emplace(webhook.id, number);
  history_.webhooks.push_back({webhook.id, webhook.org_id, webhook.url, webhook.events});
  add(stamped(Entry::Kind::registered, number), [webhook](Image& image) { image.registered.push_back(webhook); });
}

void Store::removed(const delivery::WebhookId& webhook) {
  const auto number = webhook_numbers_.at(webhook);
  add(stamped(Entry::Kind::remove, number), [number](Image& image) { image.registered[number].deleted = true; });
}

Number Store::fired(std::string organization, std::string event) {
  const auto number = history_.changes.size();
  history_.changes.push_back({std::move(organization), std::move(event)});
  note(Entry::Kind::fired, number);
  return number;
}

void Store::seal() {
  if (pending_.size() > (seals_.empty() ? 0 : seals_.back())) seals_.push_back(pending_.size());
}

void Store::apply(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) pending_[i].write(image_);
  durable_entries_ = count < pending_.size() ? pending_[count].entry : history_.entries.size();
  pending_.clear();
  seals_.clear();
}

void Store::sync() {
  apply(pending_.size());
}

void Store::opportunity() {
  if (opportunities_left_ > 0 && --opportunities_left_ == 0) throw Crash{};
}

void Store::crash(std::size_t transactions_kept) {
  detach();
  opportunities_left_ = 0;
  apply(transactions_kept > 0 ? seals_[transactions_kept - 1] : 0);
  history_.entries.resize(durable_entries_);
  for (auto n = history_.deliveries.size(); n > image_.deliveries.size(); --n)
    delivery_numbers_.erase(history_.deliveries[n - 1].id);
  history_.deliveries.resize(image_.deliveries.size());
  for (auto n = history_.webhooks.size(); n > image_.registered.size(); --n)
    webhook_numbers_.erase(history_.webhooks[n - 1].id);
  history_.webhooks.resize(image_.registered.size());
  note(Entry::Kind::crashed);
  sync();
}

}  // namespace mock::simulation
