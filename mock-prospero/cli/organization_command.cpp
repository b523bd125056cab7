#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct OrganizationFlags {
  ApiFlags api;
  std::string name;
};

constexpr auto examples = R"(  mock-prospero organization add Opera --ready-file mock.url       prints its id
  mock-prospero organization list --api http://127.0.0.1:8080)";

std::string line_of(const json::object& one) {
  return fmt::format("{}  {}", shown(one, "id"), shown(one, "name"));
}

int add(const OrganizationFlags& flags) {
  return ask_api(
      flags.api,
      [&](const ApiClient& api) {
        return api.post("/v1/organizations", json::serialize(json::object{{"name", flags.name}}));
      },
      [](const json::object& made) { fmt::print("{}\n", shown(made, "id")); });
}

int list(const OrganizationFlags& flags) {
  return ask_api(
      flags.api,
      [](const ApiClient& api) {
        return api.get("/v1/organizations", {{"limit", "1000"}});
      },
      [](const json::object& all) { print_items(all, line_of); });
}

}  // namespace

void add_organization_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("organization", "Make and list the organizations of a running serve");
  command->require_subcommand(1);
  command->footer(footer_of_api_command(examples));
  const auto flags = std::make_shared<OrganizationFlags>();
  auto* adding = command->add_subcommand("add", "Make one, and print its id");
  adding->add_option("name", flags->name, "what it is called")->type_name("NAME")->required();
  auto* listing = command->add_subcommand("list", "A line for each: id, name");
  for (auto* one : {adding, listing}) {
    add_api_flags(*one, flags->api);
    one->footer(footer_of_api_command(examples));
  }
  adding->callback([flags, &run] { run = [flags] { return add(*flags); }; });
  listing->callback([flags, &run] { run = [flags] { return list(*flags); }; });
}

}  // namespace mock::cli
