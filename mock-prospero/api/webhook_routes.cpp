#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/input.hpp"
#include "api/routes.hpp"
#include "contract/values.hpp"
#include "world/refused.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using transport::WebhookUrl;

WebhookUrl judged_url(const std::string& text, const transport::UrlPolicy& policy) {
  auto url = WebhookUrl::parse(text, policy);
  if (!url) throw Error{422, "'url': " + url.error().reason};
  return *std::move(url);
}

// The policy is for what is registered; what is to be deleted is only compared.
WebhookUrl named_url(const std::string& text, transport::UrlPolicy policy) {
  policy.allow_http = true;
  policy.allow_local = true;
  return judged_url(text, policy);
}

Owner owner_of(const json::object& input) {
  auto id = optional_text(input, "orgId");
  auto name = optional_text(input, "orgName");
  if (id.has_value() == name.has_value()) {
    throw Error{422, "say either 'orgId', or 'orgName' for an organization that is made with the webhook"};
  }
  if (id && id->empty()) throw world::Refused{world::Refusal::unknown, "no such organization"};
  return {std::move(id).value_or(""), std::move(name).value_or("")};
}

// Any name may be listened to (E10); one that is misspelled never comes.
std::string note_on(const std::vector<std::string>& events, std::string_view archive_fires) {
  constexpr auto& known = contract::webhook_events;
  std::string others;
  for (const auto& event : events) {
    if (std::find(known.begin(), known.end(), event) == known.end() && event != archive_fires)
      others += (others.empty() ? "" : ", ") + event;
  }
  return others.empty() ? "" : "only trigger fires what Prospero does not have (E10): " + others;
}

Response create_webhook(Backend on, const Request& request, std::string_view archive_fires) {
  const auto input = read_object(request, {"orgId", "orgName", "url", "events"});
  const auto owner = owner_of(input);
  const auto events = required_texts(input, "events");
  const auto url = judged_url(required_text(input, "url"), on.hosts.policy());
  on.hosts.require_allowed(url);
  auto made = on.engine.call([&] { return on.desk.add_webhook(owner, url, events); });
  if (const auto note = note_on(events, archive_fires); !note.empty()) made["note"] = note;
  return json_response(201, std::move(made));
}

Response delete_by_url(Backend on, const Request& request) {
  const auto input = read_object(request, {"url", "orgId"});
  const auto url = named_url(required_text(input, "url"), on.hosts.policy());
  const auto org_id = optional_text(input, "orgId");
  return json_response(200, on.engine.call([&] { return on.desk.remove_webhook(url, org_id); }));
}

}  // namespace

void add_webhook_routes(Router& router, Backend on, const std::string& archive_fires) {
  router.add("POST", "/v1/webhooks", [on, archive_fires](const Request& request, const Captures&) {
    return create_webhook(on, request, archive_fires);
  });
  router.add("GET", "/v1/webhooks",
             [on](const Request& request, const Captures&) {
               return json_response(200, on.engine.call([&] { return on.desk.webhooks(page_of(request)); }));
             },
             {"cursor", "limit"});
  router.add("POST", "/v1/webhooks/delete",
             [on](const Request& request, const Captures&) { return delete_by_url(on, request); });
  router.add("GET", "/v1/webhooks/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.engine.call([&] { return on.desk.webhook(path.at(0)); }));
  });
  router.add("DELETE", "/v1/webhooks/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.engine.call([&] { return on.desk.remove_webhook(path.at(0)); }));
  });
  router.add("POST", "/v1/webhooks/{id}/enable", [on](const Request&, const Captures& path) {
    return json_response(200, on.engine.call([&] { return on.desk.enable_webhook(path.at(0)); }));
  });
}

}  // namespace mock::api
