// The calls of the API, one file per group of them.
#pragma once

#include "api/conformance_runs.hpp"
#include "api/desk.hpp"
#include "api/host_check.hpp"
#include "api/output.hpp"
#include "api/router.hpp"
#include "contract/values.hpp"
#include "engine/engine.hpp"

namespace mock::api {

/// What the handlers work on. Handlers run on the threads of the HTTP server; the desk belongs to the engine's.
struct Backend {
  engine::Engine& engine;
  Desk& desk;
  HostCheck& hosts;
  ConformanceRuns& conformance;
  bool forgetful = true;  ///< nothing outlives the server, so it may be reset
};

void add_organization_routes(Router& router, Backend backend);
void add_entity_routes(Router& router, Backend backend);
/// `archive_fires`: the webhook event of archiving (E11).
void add_webhook_routes(Router& router, Backend backend, const std::string& archive_fires);
void add_delivery_routes(Router& router, Backend backend);
void add_clock_routes(Router& router, Backend backend);
void add_conformance_routes(Router& router, Backend backend);
void add_contract_routes(Router& router, const contract::Values& values);

/// The page that `?cursor=` and `?limit=` (1 to 1000, otherwise 100) ask for.
Page page_of(const Request& request);
/// What `?order=` asks for: `oldest` (as without it) or `newest`, first.
Order order_of(const Request& request);

}  // namespace mock::api
