// The part of the URL policy that needs the name server: registration resolves the name if it can, and refuses
// non-public addresses (D6).
#pragma once

#include <chrono>

#include "engine/engine.hpp"
#include "transport/name_lookup.hpp"
#include "transport/url.hpp"

namespace mock::api {

/// Thread-safe.
class HostCheck {
 public:
  /// All three must outlive the check; `lookup` belongs to the thread of `engine`.
  HostCheck(engine::Engine& engine, transport::NameLookup& lookup, transport::UrlPolicy policy);

  /// Throws Error 422 if one of the addresses of the URL's host is refused. A name that does not resolve, or not within
  /// `patience`, passes: it is judged again at each connect. Waits; not on the engine's thread.
  void require_allowed(const transport::WebhookUrl& url, std::chrono::milliseconds patience = std::chrono::seconds{3});

  const transport::UrlPolicy& policy() const noexcept { return policy_; }

 private:
  engine::Engine& engine_;
  transport::NameLookup& lookup_;
  transport::UrlPolicy policy_;
};

}  // namespace mock::api
