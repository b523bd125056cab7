#include "api/desk.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>

#include "world/refused.hpp"
#include "world/sample.hpp"

#include "seeded_fault.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using delivery::Delivery;
using delivery::State;
using world::Refusal;
using world::Refused;

bool is_missed(State state) {
  if (PROSPERO_FAULT(R4_abandoned_is_not_listed_as_missed) && state == State::abandoned) return false;
  return is_lost(state);
}

bool has_outcome(const Delivery& delivery, const std::string& wanted) {
  const auto& attempts = delivery.attempts;
  const auto last = std::find_if(attempts.rbegin(), attempts.rend(), [](const auto& one) { return one.outcome; });
  return last != attempts.rend() && (wanted == "any" || delivery::to_text(*last->outcome) == wanted);
}

bool is_of_entity(const Delivery& delivery, const std::string& start) {
  return delivery.entity_id && delivery.entity_id->starts_with(start);
}

bool has_state(State state, const std::string& wanted) {
  return wanted == "missed" ? is_missed(state) : delivery::to_text(state) == wanted;
}

bool matches_at_a_glance(const delivery::DeliveryGlance& delivery, const DeliveryFilter& filter) {
  return (!filter.webhook || delivery.webhook_id == *filter.webhook) &&
         (!filter.state || has_state(delivery.state, *filter.state)) &&
         (!filter.event || delivery.event == *filter.event) && (!filter.outcome || delivery.tried);
}

// A delivery is unpacked only where a filter looks into it.
bool matches(const delivery::DeliveryTable& all, std::size_t number, const DeliveryFilter& filter) {
  if (!matches_at_a_glance(all.glance(number), filter)) return false;
  if (!filter.outcome && !filter.entity) return true;
  const auto whole = all.at(number);
  return (!filter.outcome || has_outcome(whole, *filter.outcome)) &&
         (!filter.entity || is_of_entity(whole, *filter.entity));
}

}  // namespace

Desk::Desk(const delivery::Clock& clock, std::uint64_t seed, world::WorldRules rules)
    : clock_(clock), random_(seed), world_(random_, std::move(rules)) {}

json::object Desk::add_organization(std::string name) {
  return organization_json(world_.add_organization(std::move(name), now()));
}

json::object Desk::organizations(Page page) const {
  for (const auto& one : world_.organizations()) page.offer(one.id, true, [&] { return organization_json(one); });
  return page.finish();
}

Fired Desk::trigger(std::string_view org_id, std::string_view event, std::optional<std::string> data) {
  const auto change = world_.trigger(org_id, event, std::move(data), now());
  return send_to_listeners(change, world::splice_body(change.event, change.data));
}

Fired Desk::trigger_raw(std::string_view org_id, std::string_view event, std::string body) {
  return send_to_listeners(world_.trigger(org_id, event, "null", now()), std::move(body));
}

Fired Desk::fire(const world::Change& change) {
  if (feed_.wanted()) feed_.publish("entity", json::serialize(changed_entity_json(change)));
  return send_to_listeners(change, world::splice_body(change.event, change.data));
}

Fired Desk::send_to_listeners(const world::Change& change, std::string bytes) {
  Fired fired{change.event, change.entity_id, {}, {}};
  const auto listeners = registry_.listeners(change.org_id, change.event);
  if (listeners.empty()) return fired;
  const auto body = std::make_shared<const std::string>(std::move(bytes));
  for (const auto& webhook : listeners) {
    auto id = world_.new_id(now());
    fired.deliveries.push_back(id);
    if (!sender_->webhook(webhook).enabled) fired.missed.push_back(id);
    sender_->enqueue({std::move(id), webhook, change.event, change.entity_id, body, std::nullopt});
  }
  return fired;
}

void Desk::restore_loss(const delivery::DeliveryId& id) {
  losses_.push_back(delivery::pack(id, loss_texts_));
}

json::object Desk::shown(const registry::Webhook& webhook) const {
  return webhook_json(webhook, sender_->webhook(webhook.id));
}

json::object Desk::shown(const Delivery& delivery) const {
  return delivery_json(delivery, sha256_hex(*delivery.body));
}

json::object Desk::add_webhook(const Owner& owner, const transport::WebhookUrl& url, std::vector<std::string> events) {
  events = registry::checked_events(events);
  const auto& organization =
      owner.id.empty() ? world_.add_organization(owner.name, now()) : world_.organization(owner.id);
  const auto& webhook =
      registry_.add({world_.new_id(now()), organization.id, url.text(), url.normalized(), std::move(events), false});
  sender_->add_webhook(webhook.id, webhook.url);
  return shown(webhook);
}

json::object Desk::webhook(const std::string& id) const {
  return shown(registry_.find(id));
}

json::object Desk::webhooks(Page page) const {
  for (const auto& one : registry_.all()) page.offer(one.id, true, [&] { return shown(one); });
  return page.finish();
}

json::object Desk::remove_webhook(const std::string& id) {
  const bool was_deleted = registry_.find(id).deleted;
  const auto& webhook = registry_.remove(id);
  if (!was_deleted && !PROSPERO_FAULT(G2_the_sender_is_not_told_of_a_deletion)) sender_->remove(id);
  return shown(webhook);
}

json::object Desk::remove_webhook(const transport::WebhookUrl& url, const std::optional<std::string>& org_id) {
  return remove_webhook(std::string{registry_.find_by_url(url.normalized(), org_id).id});
}

json::object Desk::enable_webhook(const std::string& id) {
  const auto& webhook = registry_.require_enableable(id);
  if (!sender_->webhook(id).enabled && !PROSPERO_FAULT(S3_enabling_enables_nothing)) sender_->enable(id);
  return shown(webhook);
}

Delivery Desk::find_delivery(const std::string& id) const {
  auto found = sender_->find(id);
  if (!found) throw Refused{Refusal::unknown, "no such delivery"};
  return *std::move(found);
}

json::object Desk::deliveries(const DeliveryFilter& filter, Order order, Page page) const {
  if (filter.webhook) registry_.find(*filter.webhook);
  const auto& all = sender_->deliveries();
  const auto number_at = [&](std::size_t place) {
    return order == Order::newest_first ? all.size() - 1 - place : place;
  };
  std::size_t place = 0;
  if (const auto before = page.cursor() ? all.find(*page.cursor()) : std::nullopt) {
    page.pass_cursor();
    place = number_at(*before) + 1;
  }
  for (; place < all.size() && !page.full(); ++place) {
    const auto number = number_at(place);
    if (matches(all, number, filter)) page.offer(all.id(number), true, [&] { return shown(all.at(number)); });
  }
  return page.finish();
}

json::object Desk::count_deliveries(const DeliveryFilter& filter) const {
  if (filter.webhook) registry_.find(*filter.webhook);
  const auto& all = sender_->deliveries();
  DeliveryCount count;
  for (std::size_t number = 0; number < all.size(); ++number) {
    if (matches(all, number, filter)) count.add(all.glance(number));
  }
  return count.json();
}

json::object Desk::delivery(const std::string& id) const {
  return shown(find_delivery(id));
}

std::shared_ptr<const std::string> Desk::body(const std::string& id) const {
  return find_delivery(id).body;
}

json::object Desk::missed(const std::optional<std::string>& webhook, Page page) const {
  if (webhook) registry_.find(*webhook);
  for (const auto& loss : losses_) {
    const auto lost = find_delivery(delivery::unpack(loss, loss_texts_));
    page.offer(lost.id, !webhook || lost.webhook_id == *webhook, [&] {
      const auto again = resent_as_.find(lost.id);
      return missed_json(lost, again == resent_as_.end() ? std::nullopt : std::optional{again->second});
    });
  }
  return page.finish();
}

json::object Desk::resend(const std::string& id) {
  const auto original = find_delivery(id);
  if (original.state == State::pending) throw Refused{Refusal::conflict, "this delivery is still under way"};
  const auto& status = sender_->webhook(original.webhook_id);
  if (status.deleted || !status.enabled) {
    throw Refused{Refusal::conflict, "the webhook of this delivery is not enabled"};
  }
  auto again = world_.new_id(now());
  sender_->enqueue({again, original.webhook_id, original.event, original.entity_id, original.body, original.id});
  return delivery(again);
}

void Desk::note_resend(const Delivery& delivery) {
  if (delivery.resend_of) resent_as_[*delivery.resend_of] = delivery.id;
}

void Desk::delivery_changed(std::size_t, const Delivery& delivery) {
  if (delivery.attempts.empty()) note_resend(delivery);
  if (is_missed(delivery.state)) losses_.push_back(delivery::pack(delivery.id, loss_texts_));
  tell_clock();
  if (feed_.wanted()) feed_.publish("delivery", json::serialize(shown(delivery)));
}

void Desk::webhook_changed(const delivery::WebhookId& webhook) {
  tell_clock();
  if (feed_.wanted()) feed_.publish("webhook", json::serialize(shown(registry_.find(webhook))));
}

void Desk::tell_clock() {
  if (!virtual_clock_ || !feed_.wanted() || told_now_ == now()) return;
  told_now_ = now();
  feed_.publish("clock", json::serialize(clock_json(virtual_clock_, told_now_)));
}

void Desk::reset() {
  world_.forget();
  registry_ = {};
  losses_.clear();
  resent_as_.clear();
  loss_texts_ = {};
  feed_.publish("reset", R"({"reason":"the server was reset: load what you show anew"})");
}

}  // namespace mock::api
