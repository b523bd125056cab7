#include <algorithm>
#include <array>

#include "api/input.hpp"
#include "api/routes.hpp"

namespace mock::api {
namespace {

using delivery::State;

constexpr std::array states{State::pending, State::delivered, State::abandoned, State::dropped};

DeliveryFilter filter_of(const Request& request) {
  DeliveryFilter filter{query_text(request, "webhook"), query_text(request, "state"), query_text(request, "event")};
  const bool known =
      std::any_of(states.begin(), states.end(), [&](State one) { return delivery::to_text(one) == filter.state; });
  if (filter.state && !known) throw Error{422, "'state' must be pending, delivered, abandoned or dropped"};
  return filter;
}

Response list(Backend on, const Request& request) {
  const auto filter = filter_of(request);
  return json_response(200, on.engine.call([&] { return on.desk.deliveries(filter, page_of(request)); }));
}

Response list_missed(Backend on, const Request& request) {
  const auto webhook = query_text(request, "webhook");
  return json_response(200, on.engine.call([&] { return on.desk.missed(webhook, page_of(request)); }));
}

Response body_bytes(Backend on, const std::string& id) {
  Response response;
  response.body = *on.engine.call([&] { return on.desk.body(id); });
  return response;
}

}  // namespace

void add_delivery_routes(Router& router, Backend on) {
  router.add("GET", "/v1/deliveries", [on](const Request& request, const Captures&) { return list(on, request); });
  router.add("GET", "/v1/missed", [on](const Request& request, const Captures&) { return list_missed(on, request); });
  router.add("GET", "/v1/deliveries/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.engine.call([&] { return on.desk.delivery(path.at(0)); }));
  });
  router.add("GET", "/v1/deliveries/{id}/body",
             [on](const Request&, const Captures& path) { return body_bytes(on, path.at(0)); });
  router.add("POST", "/v1/deliveries/{id}/resend", [on](const Request&, const Captures& path) {
    return json_response(201, on.engine.call([&] { return on.desk.resend(path.at(0)); }));
  });
}

}  // namespace mock::api
