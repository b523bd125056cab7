// Reading an entity again from Prospero's REST API, for pushes whose order nobody can tell (H9).
#pragma once

#include <chrono>
#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <prospero/webhooks/payload/entity.hpp>
#include <stop_token>
#include <string>
#include <string_view>

namespace consumer {

/// Thread-safe.
class EntityApi {
 public:
  /// `base_url` is `http(s)://HOST[:PORT][/PREFIX]`; the token is sent as `Authorization: Bearer` unless it is empty.
  /// A read that has taken `time_max` is given up, however the answer trickles. Throws ConfigError as
  /// check_base_url() does.
  EntityApi(std::string base_url, std::string token, std::chrono::milliseconds time_max = std::chrono::seconds(30));

  /// Throws ConfigError, never with the URL in it, unless it is one that the constructor takes.
  static void check_base_url(std::string_view base_url);

  /// Asks `GET /v1/organizations/{org}/{events,invoices,offers}/{id}`: what is there now. A 404 means that the entity
  /// is gone only where the list that it would be in, the same without the id, answers 200: otherwise the base URL or
  /// the organization is wrong. Throws std::runtime_error for a 404 of that kind, when the API cannot be reached,
  /// answers neither 200 nor 404, takes too long, or when `stop` is requested: the push is tried again later.
  prospero::webhooks::Observation read(prospero::webhooks::Family family, const prospero::webhooks::Uuid& org,
                                       const prospero::webhooks::Uuid& id, const std::stop_token& stop = {}) const;

 private:
  std::string origin_, prefix_, token_;
  std::chrono::milliseconds time_max_;
};

}  // namespace consumer
