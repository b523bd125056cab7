#include "registry/registry.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "world/family.hpp"

#include "seeded_fault.hpp"

namespace mock::registry {
namespace {

using world::Refusal;
using world::Refused;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string organizations_of(const std::vector<const Webhook*>& webhooks) {
  std::string names;
  for (const auto* webhook : webhooks) {
    if (!names.empty()) names += ", ";
    names += webhook->org_id;
  }
  return names;
}

}  // namespace

std::vector<std::string> checked_events(const std::vector<std::string>& events) {
  if (events.empty()) throw Refused{Refusal::invalid, "'events' must name at least one webhook event"};
  std::vector<std::string> once;
  for (const auto& event : events) {
    if (!world::is_event_name(event)) {
      throw Refused{Refusal::invalid,
                    "each of 'events' must have the form word.word, at most 100 characters, such as invoice.updated"};
    }
    if (!contains(once, event) && (once.empty() || !PROSPERO_FAULT(S2_only_the_first_of_its_events_is_kept)))
      once.push_back(event);
  }
  return once;
}

const Webhook& Registry::add(Webhook webhook) {
  webhook.events = checked_events(webhook.events);
  const auto same = std::find_if(webhooks_.begin(), webhooks_.end(), [&](const Webhook& other) {
    const bool same_owner = PROSPERO_FAULT(G3_two_organizations_cannot_share_a_url) ||
                            (other.org_id == webhook.org_id && !PROSPERO_FAULT(G3_one_organization_has_a_url_twice));
    const bool taken = !other.deleted || PROSPERO_FAULT(G2_the_url_of_a_deleted_webhook_stays_taken);
    return taken && same_owner && other.url_key == webhook.url_key;
  });
  if (same != webhooks_.end()) {
    throw Refused{Refusal::conflict, fmt::format("this organization has that URL already, as webhook {}", same->id)};
  }
  return webhooks_.emplace_back(std::move(webhook));
}

const Webhook& Registry::find(std::string_view id) const {
  const auto found = std::find_if(webhooks_.begin(), webhooks_.end(), [&](const Webhook& w) { return w.id == id; });
  if (found == webhooks_.end()) throw Refused{Refusal::unknown, "no such webhook"};
  return *found;
}

const Webhook& Registry::find_by_url(std::string_view url_key, std::optional<std::string_view> org_id) const {
  std::vector<const Webhook*> found;
  for (const auto& webhook : webhooks_) {
    if (!webhook.deleted && webhook.url_key == url_key && (!org_id || webhook.org_id == *org_id)) {
      found.push_back(&webhook);
    }
  }
  if (found.empty()) throw Refused{Refusal::unknown, "no webhook has that URL"};
  if (found.size() > 1 && !PROSPERO_FAULT(S3_delete_takes_the_first_of_several)) {
    throw Refused{Refusal::conflict,
                  fmt::format("several organizations have that URL, add 'orgId': {}", organizations_of(found))};
  }
  return *found.front();
}

const Webhook& Registry::remove(std::string_view id) {
  auto& webhook = webhooks_[static_cast<std::size_t>(&find(id) - webhooks_.data())];
  webhook.deleted = true;
  return webhook;
}

const Webhook& Registry::require_enableable(std::string_view id) const {
  const auto& webhook = find(id);
  if (webhook.deleted && !PROSPERO_FAULT(S3_a_deleted_webhook_can_be_enabled))
    throw Refused{Refusal::conflict, "this webhook is deleted: register the URL again instead"};
  return webhook;
}

std::vector<std::string> Registry::listeners(std::string_view org_id, std::string_view event) const {
  std::vector<std::string> ids;
  for (const auto& webhook : webhooks_) {
    const bool theirs = webhook.org_id == org_id || PROSPERO_FAULT(S1_fires_for_every_organization);
    const bool asked = contains(webhook.events, event) || PROSPERO_FAULT(S2_fires_for_every_webhook_event);
    if (!webhook.deleted && theirs && asked) ids.push_back(webhook.id);
  }
  return ids;
}

}  // namespace mock::registry
