#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct WebhookFlags {
  ApiFlags api;
  std::string url, id, org, cursor;
  std::vector<std::string> events;
};

constexpr auto examples =
    R"(  mock-prospero webhook register https://localhost:8443/hook/SECRET --event invoice.created --event invoice.updated
  mock-prospero webhook list                                       id, state, failures in a row, webhook events, URL
  mock-prospero webhook delete https://localhost:8443/hook/SECRET  as Prospero's staff does it: by its URL (S3)
  mock-prospero webhook enable 0a1b2c3d-...                        the count starts at zero, nothing missed is sent (X4))";

std::string line_of(const json::object& one) {
  std::string events;
  for (const auto& event : one.at("events").as_array()) {
    events += (events.empty() ? "" : ",") + std::string{event.as_string()};
  }
  return fmt::format("{}  {}  {} failed in a row  {}  {}", shown(one, "id"), shown(one, "state"),
                     shown(one, "consecutiveFailures"), events, shown(one, "url"));
}

void print_one(const json::object& one) {
  fmt::print("{}\n", line_of(one));
}

int register_one(const WebhookFlags& flags) {
  const auto ask = [&](const ApiClient& api) {
    const json::object wish = {{"orgId", api.organization(flags.org)},
                               {"url", flags.url},
                               {"events", json::array(flags.events.begin(), flags.events.end())}};
    return api.post("/v1/webhooks", json::serialize(wish));
  };
  return ask_api(flags.api, ask, [](const json::object& made) {
    fmt::print("{}\n", shown(made, "id"));
    if (made.contains("note")) fmt::print(stderr, "note: {}\n", shown(made, "note"));
  });
}

int list(const WebhookFlags& flags) {
  return ask_api(
      flags.api,
      [&](const ApiClient& api) {
        return api.get("/v1/webhooks", {{"limit", "1000"}, {"cursor", flags.cursor}});
      },
      [](const json::object& all) { print_items(all, line_of); });
}

int remove(const WebhookFlags& flags) {
  json::object wish = {{"url", flags.url}};
  if (!flags.org.empty()) wish["orgId"] = flags.org;
  return ask_api(
      flags.api, [&](const ApiClient& api) { return api.post("/v1/webhooks/delete", json::serialize(wish)); },
      print_one);
}

int enable(const WebhookFlags& flags) {
  return ask_api(
      flags.api, [&](const ApiClient& api) { return api.post("/v1/webhooks/" + flags.id + "/enable"); }, print_one);
}

}  // namespace

void add_webhook_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("webhook", "The operator desk of a running serve: register, list, delete, enable");
  command->require_subcommand(1);
  command->footer(footer_of_api_command(examples));
  const auto flags = std::make_shared<WebhookFlags>();
  const auto add = [&](const char* name, const char* about, int (*what)(const WebhookFlags&)) {
    auto* one = command->add_subcommand(name, about);
    one->callback([flags, what, &run] { run = [flags, what] { return what(*flags); }; });
    one->footer(footer_of_api_command(examples));
    return one;
  };
  auto* registering = add("register", "Register a URL, and print the webhook's id (S2)", register_one);
  registering->add_option("url", flags->url, "where to push to; Prospero allows public https only (D6)")
      ->type_name("URL")
      ->required();
  registering->add_option("--event", flags->events, "webhook event that it listens to (repeatable)")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->required();
  auto* listing = add("list", "A line for each, deleted ones too", list);
  listing->add_option("--cursor", flags->cursor, "go on after an earlier list")->type_name("CURSOR");
  auto* deleting = add("delete", "Delete a webhook by its URL (S3)", remove);
  deleting->add_option("url", flags->url, "the URL that it was registered with")->type_name("URL")->required();
  auto* enabling = add("enable", "Enable a disabled webhook again (X4)", enable);
  const auto no_url = [](const std::string& id) {
    return id.find('/') == std::string::npos ? "" : "a webhook is enabled by its id, which webhook list shows";
  };
  enabling->add_option("id", flags->id, "the webhook's id")->check(no_url)->type_name("ID")->required();
  for (auto* one : {registering, deleting}) {
    one->add_option("--org", flags->org, "its organization; may be left out if that is the only one")->type_name("ID");
  }
  for (auto* one : {registering, listing, deleting, enabling}) add_api_flags(*one, flags->api);
}

}  // namespace mock::cli
