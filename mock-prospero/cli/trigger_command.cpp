#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct TriggerFlags {
  ApiFlags api;
  std::string event, org, data_file, body_file;
};

constexpr auto examples = R"(  mock-prospero trigger invoice.updated                                 a sample as data
  mock-prospero trigger invoice.updated --data invoice.json
  echo '{"id": "x"}' | mock-prospero trigger budget.approved --data -   one that Prospero does not have yet (E10)
  mock-prospero trigger invoice.updated --body broken.txt               bytes that are sent as they are)";

std::string bytes_in(const std::string& file, const char* flag) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream stream{file, std::ios::binary};
  if (!stream) throw std::invalid_argument{fmt::format("{} {}: cannot be read", flag, file)};
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The data stays text, so that it is sent as it is spelled (T4).
std::string wish_of(const TriggerFlags& flags) {
  auto wish = "{\"event\":" + json::serialize(json::value(flags.event));
  if (!flags.data_file.empty()) wish += ",\"data\":" + bytes_in(flags.data_file, "--data");
  if (!flags.body_file.empty()) {
    wish += ",\"body\":" + json::serialize(json::value(bytes_in(flags.body_file, "--body")));
  }
  return wish + '}';
}

void print_fired(const json::object& fired) {
  const auto& deliveries = fired.at("deliveries").as_array();
  fmt::print("{}: {} {}\n", shown(fired, "event"), deliveries.size(),
             deliveries.size() == 1 ? "delivery" : "deliveries");
  for (const auto& id : deliveries) fmt::print("{}\n", std::string{id.as_string()});
}

int trigger(const TriggerFlags& flags) {
  const auto wish = wish_of(flags);
  return ask_api(
      flags.api,
      [&](const ApiClient& api) {
        return api.post("/v1/organizations/" + api.organization(flags.org) + "/trigger", wish);
      },
      print_fired);
}

}  // namespace

void add_trigger_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("trigger", "Fire a webhook event in a running serve, and print its deliveries");
  const auto flags = std::make_shared<TriggerFlags>();
  command->add_option("event", flags->event, "such as invoice.updated; any word.word (E10)")
      ->type_name("EVENT")
      ->required();
  command->add_option("--org", flags->org, "the organization; may be left out if it is the only one")->type_name("ID");
  auto* data = command->add_option("--data", flags->data_file, "JSON file with the entity, - for standard input")
                   ->type_name("FILE");
  command->add_option("--body", flags->body_file, "file with the raw body, - for standard input; sent as it is")
      ->type_name("FILE")
      ->excludes(data);
  add_api_flags(*command, flags->api);
  command->footer(footer_of_api_command(examples));
  command->callback([flags, &run] { run = [flags] { return trigger(*flags); }; });
}

}  // namespace mock::cli
