// The API of `mock-prospero serve` and its page, without any HTTP library: a request in, a response out.
#pragma once

#include "api/exchange.hpp"
#include "api/guard.hpp"
#include "api/router.hpp"
#include "api/routes.hpp"
#include "contract/values.hpp"

namespace mock::api {

/// Thread-safe. Calls block while they wait for the engine: an advance of the clock for as long as its attempts take.
class Api {
 public:
  /// `values` are those in force, to be told.
  Api(Backend backend, GuardOptions guard, const contract::Values& values = {});

  /// Never throws: whatever goes wrong becomes a status and `{"status": n, "error": text}` (T5). 503 while stopping,
  /// 507 for a change that the store cannot take.
  Response answer(const Request& request) const noexcept;

  const Router& router() const noexcept { return router_; }

 private:
  Response answer_or_throw(const Request& request) const;

  engine::Engine& engine_;
  Guard guard_;
  Router router_;
};

}  // namespace mock::api
