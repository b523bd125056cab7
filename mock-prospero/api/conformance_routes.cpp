#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "api/conformance_runs.hpp"
#include "api/input.hpp"
#include "api/routes.hpp"
#include "conformance/report_html.hpp"
#include "contract/values.hpp"
#include "world/refused.hpp"

namespace mock::api {
namespace {

using world::Refusal;
using world::Refused;

constexpr std::uint64_t seed_max = (std::uint64_t{1} << 53) - 1;  // every JSON reader keeps it exactly

// The suite pushes only webhook events that Prospero has. All of them are no limit to the verdict.
std::vector<std::string> known_events(const std::vector<std::string>& events) {
  const auto& known = contract::webhook_events;
  std::vector<std::string> pushed;
  std::ranges::copy_if(events, std::back_inserter(pushed),
                       [&](const auto& event) { return std::ranges::find(known, event) != known.end(); });
  if (pushed.empty()) {
    throw Refused{Refusal::invalid, "this webhook listens to none of the webhook events that the suite pushes (E1-E9)"};
  }
  return pushed.size() == known.size() ? std::vector<std::string>{} : pushed;
}

SuiteWish wish_for(const registry::Webhook& webhook) {
  if (webhook.deleted) throw Refused{Refusal::conflict, "this webhook is deleted: register the URL again to judge it"};
  SuiteWish wish;
  wish.url = webhook.url;
  wish.org_id = webhook.org_id;
  wish.events = known_events(webhook.events);
  return wish;
}

Response start(Backend on, const Request& request, const std::string& webhook_id) {
  const auto webhook = on.engine.call([&] { return on.desk.registry().find(webhook_id); });
  auto wish = wish_for(webhook);
  if (!request.body.empty()) {
    const auto input = read_object(request, {"only", "skip", "strict", "disruptive", "seed"});
    wish.only = optional_texts(input, "only");
    wish.skip = optional_texts(input, "skip");
    wish.strict = optional_flag(input, "strict");
    wish.disruptive = optional_flag(input, "disruptive");
    wish.seed = optional_number(input, "seed", seed_max);
  }
  return json_response(201, on.conformance.start(webhook_id, wish));
}

Response list(Backend on, const Request& request) {
  const auto webhook = query_text(request, "webhook");
  if (webhook) on.engine.call([&] { on.desk.registry().find(*webhook); });
  return json_response(200, on.conformance.list(webhook));
}

std::string sha256_base64(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * (SHA256_DIGEST_LENGTH / 3 + 1) + 1> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

const std::string& page_policy() {
  static const auto policy = "default-src 'none'; style-src 'sha256-" +
                             sha256_base64(conformance::html_report_style()) +
                             "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
  return policy;
}

// The page has its one style inside, and no script: nothing else may run or be loaded, whatever the answers of a
// consumer were.
Response show_page(Backend on, const std::string& id) {
  Response response;
  response.body = on.conformance.html(id);
  response.content_type = "text/html; charset=utf-8";
  response.headers = {{"Content-Security-Policy", page_policy()}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

}  // namespace

void add_conformance_routes(Router& router, Backend on) {
  router.add("POST", "/v1/webhooks/{id}/conformance",
             [on](const Request& request, const Captures& path) { return start(on, request, path.at(0)); });
  router.add("GET", "/v1/conformance", [on](const Request& request, const Captures&) { return list(on, request); },
             {"webhook"});
  router.add("GET", "/v1/conformance/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.conformance.show(path.at(0)));
  });
  router.add("GET", "/v1/conformance/{id}/report.html",
             [on](const Request&, const Captures& path) { return show_page(on, path.at(0)); });
  router.add("DELETE", "/v1/conformance/{id}", [on](const Request&, const Captures& path) {
    return json_response(200, on.conformance.stop(path.at(0)));
  });
}

}  // namespace mock::api
