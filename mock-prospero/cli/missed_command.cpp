#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct MissedFlags {
  ApiFlags api;
  PageFlags page;
  std::string webhook;
};

constexpr auto examples = R"(  mock-prospero missed
  mock-prospero missed --webhook ID --json | jq -r '.items[].deliveryId')";

// When, which webhook event, why, which delivery, and the one that it was resent as.
std::string line_of(const json::object& one) {
  auto line = fmt::format("{}  {}  {}  {}", shown(one, "at"), shown(one, "event"), shown(one, "reason"),
                          shown(one, "deliveryId"));
  if (!one.at("resentAs").is_null()) line += fmt::format("  resent as {}", shown(one, "resentAs"));
  return line;
}

int list(const MissedFlags& flags) {
  return ask_api(
      flags.api,
      [&](const ApiClient& api) {
        return api.get("/v1/missed",
                       {{"webhook", flags.webhook}, {"limit", flags.page.limit}, {"cursor", flags.page.cursor}});
      },
      [](const json::object& page) { print_items(page, line_of); });
}

}  // namespace

void add_missed_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("missed", "List what the webhooks of a running serve lost, and why (R4, X3)");
  const auto flags = std::make_shared<MissedFlags>();
  command->add_option("--webhook", flags->webhook, "of this webhook only")->type_name("ID");
  add_page_flags(*command, flags->page);
  add_api_flags(*command, flags->api);
  command->footer(footer_of_api_command(examples));
  command->callback([flags, &run] { run = [flags] { return list(*flags); }; });
}

}  // namespace mock::cli
