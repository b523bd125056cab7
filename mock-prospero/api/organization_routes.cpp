#include <boost/json/array.hpp>
#include <utility>

#include "api/input.hpp"
#include "api/routes.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;

constexpr std::size_t page_rows = 100;
constexpr std::size_t page_rows_max = 1000;

json::object fired_json(const Fired& fired) {
  return {{"event", fired.event},
          {"entityId", fired.entity_id ? json::value(*fired.entity_id) : json::value(nullptr)},
          {"deliveries", json::array(fired.deliveries.begin(), fired.deliveries.end())},
          {"missed", json::array(fired.missed.begin(), fired.missed.end())}};
}

Response create_organization(Backend on, const Request& request) {
  const auto name = required_text(read_object(request, {"name"}), "name");
  return json_response(201, on.engine.call([&] { return on.desk.add_organization(name); }));
}

Response list_organizations(Backend on, const Request& request) {
  return json_response(200, on.engine.call([&] { return on.desk.organizations(page_of(request)); }));
}

Response trigger(Backend on, const Request& request, const std::string& org_id) {
  const auto input = world::SpelledObject::of(read_spelled(request));
  if (!input) throw Error{422, "the body must be a JSON object"};
  require_known(*input, {"event", "data", "body"});
  const auto event = input->text_at("event");
  if (!event) throw Error{422, "'event' must be a string"};
  const auto* data = input->find("data");
  if (const auto* raw = input->find("body"); raw != nullptr && *raw != "null") {
    const auto bytes = world::text_in(*raw);
    if (!bytes) throw Error{422, "'body' must be a string"};
    if (data != nullptr) throw Error{422, "say either 'data', or 'body' for bytes that are sent as they are"};
    return json_response(201, fired_json(on.engine.call([&] { return on.desk.trigger_raw(org_id, *event, *bytes); })));
  }
  return json_response(201, fired_json(on.engine.call([&] {
                         return on.desk.trigger(org_id, *event, data != nullptr ? std::optional{*data} : std::nullopt);
                       })));
}

}  // namespace

Page page_of(const Request& request) {
  return {query_text(request, "cursor"), query_number(request, "limit", page_rows, 1, page_rows_max)};
}

Order order_of(const Request& request) {
  const auto order = query_text(request, "order").value_or("oldest");
  if (order != "oldest" && order != "newest") throw Error{422, "'order' must be oldest or newest"};
  return order == "newest" ? Order::newest_first : Order::oldest_first;
}

void add_organization_routes(Router& router, Backend on) {
  router.add("POST", "/v1/organizations",
             [on](const Request& request, const Captures&) { return create_organization(on, request); });
  router.add("GET", "/v1/organizations",
             [on](const Request& request, const Captures&) { return list_organizations(on, request); },
             {"cursor", "limit"});
  router.add("POST", "/v1/organizations/{org}/trigger",
             [on](const Request& request, const Captures& path) { return trigger(on, request, path.at(0)); });
}

}  // namespace mock::api
