#include <cmath>

#include "api/input.hpp"
#include "api/routes.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using delivery::Duration;

constexpr double advance_seconds_max = 10 * 366 * 86400.0;
constexpr std::size_t idle_seconds = 30;
constexpr std::size_t idle_seconds_max = 3600;

Response show_clock(Backend on) {
  return json_response(200, clock_json(on.engine.virtual_clock(), on.engine.call([&] { return on.desk.now(); })));
}

Duration seconds_of(const json::value& value) {
  const double seconds = value.is_number() ? value.to_number<double>() : -1;
  if (!(seconds >= 0 && seconds <= advance_seconds_max)) {
    throw Error{422, "'seconds' must be a number from 0 to 316224000"};
  }
  return Duration{std::llround(seconds * 1e6)};
}

engine::Advanced advance_as_wished(Backend on, const json::object& wish) {
  const auto* seconds = wish.if_contains("seconds");
  const auto to = optional_text(wish, "to");
  if ((seconds == nullptr) != to.has_value() || (to && *to != "next")) {
    throw Error{422, R"(say either {"seconds": n} or {"to": "next"})"};
  }
  return seconds != nullptr ? on.engine.advance_by(seconds_of(*seconds)) : on.engine.advance_to_next();
}

Response advance(Backend on, const Request& request) {
  const auto wish = read_object(request, {"seconds", "to"});
  if (!on.engine.virtual_clock()) throw Error{409, "a real clock cannot be advanced: start with --clock virtual"};
  const auto advanced = advance_as_wished(on, wish);
  if (advanced.cut_short)
    throw Error{409, "the server was reset while the clock advanced: it stands where it was then"};
  on.engine.call([&] { on.desk.tell_clock(); });
  auto body = clock_json(true, advanced.now);
  body["attempts"] = advanced.attempts;
  return json_response(200, body);
}

Response wait_idle(Backend on, const Request& request) {
  const auto timeout = query_number(request, "timeout", idle_seconds, 0, idle_seconds_max);
  if (!on.engine.wait_idle(std::chrono::seconds{timeout})) {
    throw Error{504, "deliveries are still due or under way after " + std::to_string(timeout) + " s"};
  }
  return json_response(200, {{"idle", true}});
}

Response follow(Backend on, const Request& request) {
  Response response;
  response.content_type = "text/event-stream";
  response.stream = on.desk.feed().follow(request.last_event_id);
  return response;
}

Response reset(Backend on, const Request& request) {
  if (!request.body.empty()) read_object(request, {});
  if (!on.forgetful) throw Error{409, "a server with a store keeps its state: start one with --store memory: to reset"};
  on.conformance.forget();
  on.engine.call([&] {
    on.engine.start_over();
    on.desk.attach(on.engine.sender());
    on.desk.reset();
  });
  return json_response(200, {{"reset", true}});
}

}  // namespace

void add_clock_routes(Router& router, Backend on) {
  if (on.engine.virtual_clock()) on.engine.call([&] { on.desk.tell_of_virtual_clock(); });
  router.add("GET", "/v1/stream", [on](const Request& request, const Captures&) { return follow(on, request); });
  router.add("POST", "/v1/reset", [on](const Request& request, const Captures&) { return reset(on, request); });
  router.add("GET", "/v1/clock", [on](const Request&, const Captures&) { return show_clock(on); });
  router.add("POST", "/v1/clock/advance",
             [on](const Request& request, const Captures&) { return advance(on, request); });
  router.add("GET", "/v1/idle", [on](const Request& request, const Captures&) { return wait_idle(on, request); },
             {"timeout"});
}

}  // namespace mock::api
