#include "api/output.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <array>
#include <chrono>
#include <utility>

#include "api/exchange.hpp"
#include "world/date_time.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using delivery::Attempt;
using delivery::Duration;
using delivery::Instant;
using delivery::WebhookStatus;

json::value time_json(const std::optional<Instant>& at) {
  return at ? json::value(world::milli_time_text(*at)) : json::value(nullptr);
}

json::value text_json(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::value milliseconds_json(const std::optional<Duration>& took) {
  return took ? json::value(std::chrono::round<std::chrono::milliseconds>(*took).count()) : json::value(nullptr);
}

json::object phases_json(const delivery::Phases& phases) {
  return {{"dnsMs", milliseconds_json(phases.dns)},
          {"connectMs", milliseconds_json(phases.connect)},
          {"tlsMs", milliseconds_json(phases.tls)},
          {"sendMs", milliseconds_json(phases.send)},
          {"waitMs", milliseconds_json(phases.wait)}};
}

json::object attempt_json(const Attempt& attempt) {
  return {{"number", attempt.number},
          {"scheduledAt", time_json(attempt.scheduled_at)},
          {"startedAt", time_json(attempt.started_at)},
          {"endedAt", time_json(attempt.ended_at)},
          {"outcome", attempt.outcome ? json::value(delivery::to_text(*attempt.outcome)) : json::value(nullptr)},
          {"status", attempt.status ? json::value(*attempt.status) : json::value(nullptr)},
          {"detail", attempt.detail},
          {"answer", attempt.answer.empty() ? json::value(nullptr) : json::value(attempt.answer)},
          {"uncertain", attempt.uncertain},
          {"phases", phases_json(attempt.phases)}};
}

json::value reason_json(const std::optional<delivery::Reason>& reason) {
  return reason ? json::value(delivery::to_text(*reason)) : json::value(nullptr);
}

std::string_view state_text(const registry::Webhook& webhook, const WebhookStatus& status) {
  if (webhook.deleted) return "deleted";
  return status.enabled ? "enabled" : "disabled";
}

}  // namespace

json::object organization_json(const world::Organization& organization) {
  return {{"id", organization.id}, {"name", organization.name}};
}

json::object webhook_json(const registry::Webhook& webhook, const WebhookStatus& status) {
  return {{"id", webhook.id},
          {"orgId", webhook.org_id},
          {"url", webhook.url},
          {"events", json::array(webhook.events.begin(), webhook.events.end())},
          {"state", state_text(webhook, status)},
          {"consecutiveFailures", status.consecutive_failures},
          {"disabledAt", time_json(status.disabled_at)}};
}

json::object delivery_json(const delivery::Delivery& delivery, const std::string& body_sha256) {
  json::array attempts;
  for (const auto& attempt : delivery.attempts) attempts.push_back(attempt_json(attempt));
  return {{"id", delivery.id},
          {"webhookId", delivery.webhook_id},
          {"event", delivery.event},
          {"entityId", text_json(delivery.entity_id)},
          {"bodySha256", body_sha256},
          {"createdAt", time_json(delivery.created_at)},
          {"state", delivery::to_text(delivery.state)},
          {"reason", reason_json(delivery.reason)},
          {"resendOf", text_json(delivery.resend_of)},
          {"nextAttemptAt", time_json(delivery.next_attempt_at)},
          {"lostAt", time_json(delivery.lost_at)},
          {"attempts", std::move(attempts)}};
}

json::object missed_json(const delivery::Delivery& lost, const std::optional<std::string>& resent_as) {
  return {{"deliveryId", lost.id},
          {"event", lost.event},
          {"entityId", text_json(lost.entity_id)},
          {"reason", reason_json(lost.reason)},
          {"at", time_json(lost.lost_at)},
          {"resentAs", text_json(resent_as)}};
}

json::object changed_entity_json(const world::Change& change) {
  return {{"orgId", change.org_id}, {"event", change.happened}, {"entityId", text_json(change.entity_id)}};
}

json::object clock_json(bool virtual_clock, Instant now) {
  return {{"mode", virtual_clock ? "virtual" : "real"}, {"now", world::milli_time_text(now)}};
}

void DeliveryCount::add(const delivery::DeliveryGlance& delivery) {
  ++states_.at(static_cast<std::size_t>(delivery.state));
  if (delivery.reason) ++reasons_.at(static_cast<std::size_t>(*delivery.reason));
  if (delivery.next_attempt_at && (!next_ || *delivery.next_attempt_at < *next_)) next_ = delivery.next_attempt_at;
}

json::object DeliveryCount::json() const {
  json::object states, reasons;
  std::size_t total = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states[delivery::to_text(static_cast<delivery::State>(i))] = states_.at(i);
    total += states_.at(i);
  }
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    reasons[delivery::to_text(static_cast<delivery::Reason>(i))] = reasons_.at(i);
  }
  return {{"total", total},
          {"states", std::move(states)},
          {"reasons", std::move(reasons)},
          {"nextAttemptAt", time_json(next_)}};
}

std::string sha256_hex(const std::string& bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

void Page::offer(const std::string& id, bool shown, const std::function<json::object()>& make) {
  if (after_) {
    if (id == *after_) after_.reset();
    return;
  }
  if (!shown) return;
  if (items_.size() == limit_) {
    more_ = true;
    return;
  }
  items_.push_back(make());
  last_ = id;
}

json::object Page::finish() {
  if (after_) throw Error{422, "'cursor' is none that this list gave out"};
  return {{"items", std::move(items_)}, {"next", more_ ? json::value(last_) : json::value(nullptr)}};
}

}  // namespace mock::api
