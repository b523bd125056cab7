#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct ResendFlags {
  ApiFlags api;
  std::string id;
};

constexpr auto examples = R"(  mock-prospero resend 0a1b2c3d-...      prints the id of the new delivery)";

int resend(const ResendFlags& flags) {
  return ask_api(
      flags.api, [&](const ApiClient& api) { return api.post("/v1/deliveries/" + flags.id + "/resend"); },
      [](const json::object& made) { fmt::print("{}\n", shown(made, "id")); });
}

}  // namespace

void add_resend_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand(
      "resend", "Send the bytes of an ended delivery again, as a new one; Prospero itself has no such call");
  const auto flags = std::make_shared<ResendFlags>();
  command->add_option("id", flags->id, "the delivery's id")->type_name("ID")->required();
  add_api_flags(*command, flags->api);
  command->footer(footer_of_api_command(examples));
  command->callback([flags, &run] { run = [flags] { return resend(*flags); }; });
}

}  // namespace mock::cli
