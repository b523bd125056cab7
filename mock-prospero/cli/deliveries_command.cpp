#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct DeliveriesFlags {
  ApiFlags api;
  PageFlags page;
  std::string webhook, state, event, outcome, entity;
  bool newest = false;
};

constexpr auto examples = R"(  mock-prospero deliveries                                   the oldest 100
  mock-prospero deliveries --newest --limit 10
  mock-prospero deliveries --state pending --outcome timeout
  mock-prospero deliveries --webhook ID --json | jq '.items[].attempts')";

// Id, webhook event, state with its reason, attempts with the outcome of the last, when the next one comes or all was
// over without success.
std::string line_of(const json::object& one) {
  const auto& attempts = one.at("attempts").as_array();
  auto line = fmt::format("{}  {}  {}", shown(one, "id"), shown(one, "event"), shown(one, "state"));
  if (!one.at("reason").is_null()) line += fmt::format(" ({})", shown(one, "reason"));
  line += fmt::format("  attempts {}", attempts.size());
  if (!attempts.empty()) line += fmt::format(", last {}", shown(attempts.back().as_object(), "outcome"));
  if (!one.at("nextAttemptAt").is_null()) line += fmt::format("  next {}", shown(one, "nextAttemptAt"));
  if (!one.at("lostAt").is_null()) line += fmt::format("  lost {}", shown(one, "lostAt"));
  return line;
}

int list(const DeliveriesFlags& flags) {
  return ask_api(
      flags.api,
      [&](const ApiClient& api) {
        return api.get("/v1/deliveries", {{"webhook", flags.webhook},
                                          {"state", flags.state},
                                          {"event", flags.event},
                                          {"outcome", flags.outcome},
                                          {"entity", flags.entity},
                                          {"order", flags.newest ? "newest" : ""},
                                          {"limit", flags.page.limit},
                                          {"cursor", flags.page.cursor}});
      },
      [](const json::object& page) { print_items(page, line_of); });
}

}  // namespace

void add_deliveries_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("deliveries", "List the deliveries of a running serve");
  const auto flags = std::make_shared<DeliveriesFlags>();
  command->add_option("--webhook", flags->webhook, "of this webhook only")->type_name("ID");
  command->add_option("--state", flags->state, "pending, delivered, abandoned, dropped, or missed: one of the last two")
      ->type_name("STATE");
  command->add_option("--event", flags->event, "of this webhook event only")->type_name("NAME");
  command->add_option("--outcome", flags->outcome, "of the last attempt that has ended; any: one has")
      ->type_name("OUTCOME");
  command->add_option("--entity", flags->entity, "what the entity's id starts with")->type_name("ID");
  command->add_flag("--newest", flags->newest, "the newest first");
  add_page_flags(*command, flags->page);
  add_api_flags(*command, flags->api);
  command->footer(footer_of_api_command(examples));
  command->callback([flags, &run] { run = [flags] { return list(*flags); }; });
}

}  // namespace mock::cli
