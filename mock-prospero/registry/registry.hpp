// The operator desk's book of webhooks: who listens where to what (S1-S3). Whether a webhook is enabled is the sender's
// to know; here it is registered or deleted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "world/refused.hpp"

namespace mock::registry {

struct Webhook {
  std::string id;                   ///< UUID text
  std::string org_id;               ///< the one organization that it fires for (S1)
  std::string url;                  ///< as registered: this is what is sent to
  std::string url_key;              ///< the URL normalized, for comparing only (G3)
  std::vector<std::string> events;  ///< the webhook events that it listens to (S2)
  bool deleted = false;
};

/// Repeated names are kept once. Throws world::Refused{invalid} unless there is one, and all have the form word.word.
std::vector<std::string> checked_events(const std::vector<std::string>& events);

/// Not thread-safe. Refused wishes throw world::Refused and change nothing; their texts never hold a URL, whose path is
/// a secret. URLs are judged and normalized by the caller.
class Registry {
 public:
  /// Refused{invalid} as checked_events() throws it; Refused{conflict} when the organization has a webhook of that
  /// url_key that is not deleted (G3).
  const Webhook& add(Webhook webhook);

  /// Goes on after a restart with what a store kept, in the order of making.
  void restore(Webhook webhook) { webhooks_.push_back(std::move(webhook)); }

  const Webhook& find(std::string_view id) const;  ///< deleted ones too (G2); throws Refused{unknown}
  const std::vector<Webhook>& all() const noexcept { return webhooks_; }  ///< oldest first, deleted ones too

  /// The one webhook, not deleted, of that url_key, in that organization if one is given (S3). Refused{unknown} when
  /// there is none; Refused{conflict}, naming the organizations, when there are several (G3).
  const Webhook& find_by_url(std::string_view url_key, std::optional<std::string_view> org_id) const;

  /// Marks it as deleted (G2). Nothing happens when it is so already. Throws Refused{unknown}.
  const Webhook& remove(std::string_view id);

  /// Throws Refused{conflict} for a deleted webhook, Refused{unknown} for none: neither can be enabled (X4).
  const Webhook& require_enableable(std::string_view id) const;

  /// Ids of the webhooks, not deleted, that fire for `event` in that organization (S1, S2), oldest first.
  std::vector<std::string> listeners(std::string_view org_id, std::string_view event) const;

 private:
  std::vector<Webhook> webhooks_;
};

}  // namespace mock::registry
