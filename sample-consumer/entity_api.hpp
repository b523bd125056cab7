// Reading an entity again from Prospero's REST API, for pushes whose order nobody can tell (H9).
#pragma once

#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <prospero/webhooks/payload/entity.hpp>
#include <string>

namespace consumer {

/// Thread-safe.
class EntityApi {
 public:
  /// `base_url` is `http(s)://HOST[:PORT][/PREFIX]`; the token is sent as `Authorization: Bearer` unless it is empty.
  /// Throws ConfigError.
  EntityApi(std::string base_url, std::string token);

  /// Asks `GET /v1/organizations/{org}/{events,invoices,offers}/{id}`: what is there now. Throws std::runtime_error
  /// when the API cannot be reached or answers neither 200 nor 404: the push is tried again later.
  prospero::webhooks::Observation read(prospero::webhooks::Family family, const prospero::webhooks::Uuid& org,
                                       const prospero::webhooks::Uuid& id) const;

 private:
  std::string origin_, prefix_, token_;
};

}  // namespace consumer
