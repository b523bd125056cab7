#include "api/api.hpp"

#include <exception>
#include <utility>

#include "api/input.hpp"
#include "api/openapi.hpp"
#include "api/page.hpp"
#include "world/refused.hpp"

namespace mock::api {
namespace {

int status_of(world::Refusal why) {
  switch (why) {
    case world::Refusal::invalid:
      return 422;
    case world::Refusal::unknown:
      return 404;
    case world::Refusal::conflict:
      return 409;
  }
  return 500;
}

Response refuse(const Error& error) {
  auto response = error_response(error.status(), error.what());
  if (error.status() == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response redirect(const std::string& path) {
  Response response;
  response.status = 308;
  response.content_type = "text/plain";
  response.headers.emplace_back("Location", path);
  return response;
}

}  // namespace

Api::Api(Backend backend, GuardOptions guard, const contract::Values& values)
    : engine_(backend.engine), guard_(std::move(guard)) {
  add_organization_routes(router_, backend);
  add_entity_routes(router_, backend);
  add_webhook_routes(router_, backend, values.archive_fires.value_or(""));
  add_delivery_routes(router_, backend);
  add_clock_routes(router_, backend);
  add_conformance_routes(router_, backend);
  add_contract_routes(router_, values);
  router_.add("GET", "/openapi.json", [](const Request&, const Captures&) {
    Response response;
    response.body = openapi_text;
    return response;
  });
}

Response Api::answer_or_throw(const Request& request) const {
  guard_.require_own(request);
  if (const auto elsewhere = guard_.redirection(request.path)) return redirect(*elsewhere);
  const auto path = guard_.own_path(request.path);
  if (auto page = page_response(request.method, path, guard_.prefix())) return *std::move(page);
  guard_.require_token(request);
  if (request.body_too_large) throw Error{413, "the body is too large"};
  if (request.method != "GET" && request.method != "HEAD") engine_.require_keeping();
  if (path == request.path) return router_.answer(request);
  auto inner = request;
  inner.path = path;
  return router_.answer(inner);
}

Response Api::answer(const Request& request) const noexcept {
  try {
    return answer_or_throw(request);
  } catch (const Error& error) {
    return refuse(error);
  } catch (const world::Refused& refused) {
    return error_response(status_of(refused.why()), refused.what());
  } catch (const engine::NotKept& not_kept) {
    return error_response(507, not_kept.what());
  } catch (const engine::Stopped& stopped) {
    return error_response(503, stopped.what());
  } catch (const std::exception& error) {
    return error_response(500, std::string{"a fault of this server: "} + error.what());
  }
}

}  // namespace mock::api
