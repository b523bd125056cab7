#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "api/input.hpp"
#include "api/routes.hpp"

namespace mock::api {
namespace {

using delivery::State;

using delivery::Outcome;

constexpr std::array states{State::pending, State::delivered, State::abandoned, State::dropped};
constexpr std::array outcomes{Outcome::ok,       Outcome::bad_status, Outcome::timeout,         Outcome::unreachable,
                              Outcome::not_http, Outcome::tls_error,  Outcome::refused_address, Outcome::interrupted};

// One of the words of the API, or `group`, which stands for several of them.
std::optional<std::string> query_word(const Request& request, const std::string& name, const auto& words,
                                      std::string_view group) {
  auto text = query_text(request, name);
  std::string known;
  if (text == group) return text;
  for (const auto word : words) {
    if (!text || delivery::to_text(word) == *text) return text;
    known += fmt::format("{}, ", delivery::to_text(word));
  }
  throw Error{422, fmt::format("'{}' must be one of {}{}", name, known, group)};
}

DeliveryFilter filter_of(const Request& request) {
  return {query_text(request, "webhook"), query_word(request, "state", states, "missed"), query_text(request, "event"),
          query_word(request, "outcome", outcomes, "any"), query_text(request, "entity")};
}

Response list(Backend on, const Request& request) {
  const auto filter = filter_of(request);
  const auto order = order_of(request);
  return json_response(200, on.engine.call([&] { return on.desk.deliveries(filter, order, page_of(request)); }));
}

Response count(Backend on, const Request& request) {
  const auto filter = filter_of(request);
  return json_response(200, on.engine.call([&] { return on.desk.count_deliveries(filter); }));
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
  router.add("GET", "/v1/deliveries", [on](const Request& request, const Captures&) { return list(on, request); },
             {"webhook", "state", "event", "outcome", "entity", "order", "cursor", "limit"});
  router.add("GET", "/v1/deliveries/count",
             [on](const Request& request, const Captures&) { return count(on, request); },
             {"webhook", "state", "event", "outcome", "entity"});
  router.add("GET", "/v1/missed", [on](const Request& request, const Captures&) { return list_missed(on, request); },
             {"webhook", "cursor", "limit"});
  router.add("GET", "/v1/deliveries/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.engine.call([&] { return on.desk.delivery(path.at(0)); }));
  });
  router.add("GET", "/v1/deliveries/{id}/body",
             [on](const Request&, const Captures& path) { return body_bytes(on, path.at(0)); });
  router.add("POST", "/v1/deliveries/{id}/resend", [on](const Request& request, const Captures& path) {
    if (!request.body.empty()) read_object(request, {});
    return json_response(201, on.engine.call([&] { return on.desk.resend(path.at(0)); }));
  });
}

}  // namespace mock::api
