#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <string>

#include "cli/api_client.hpp"
#include "cli/api_commands.hpp"
#include "cli/validators.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

struct AdvanceFlags {
  ApiFlags api;
  std::string by;
};

constexpr auto examples =
    R"(  mock-prospero advance 3600     an hour of the virtual clock, with every attempt that falls due
  mock-prospero advance 0        waits until all that is due was sent and answered
  mock-prospero advance next     to the next instant at which something is due)";

int advance(const AdvanceFlags& flags) {
  const auto wish = flags.by == "next" ? std::string{R"({"to":"next"})"} : "{\"seconds\":" + flags.by + '}';
  return ask_api(
      flags.api, [&](const ApiClient& api) { return api.post("/v1/clock/advance", wish); },
      [](const json::object& clock) {
        fmt::print("{}  attempts {}\n", shown(clock, "now"), shown(clock, "attempts"));
      });
}

std::string seconds_or_next(std::string& text) {
  return text == "next" ? std::string{} : finite_number(text);
}

}  // namespace

void add_advance_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("advance", "Move the virtual clock of a running serve (G6)");
  const auto flags = std::make_shared<AdvanceFlags>();
  command->add_option("by", flags->by, "seconds, or next")
      ->check(CLI::Validator{seconds_or_next, "", "seconds"})
      ->type_name("SECONDS|next")
      ->required();
  add_api_flags(*command, flags->api);
  command->footer(footer_of_api_command(examples));
  command->callback([flags, &run] { run = [flags] { return advance(*flags); }; });
}

}  // namespace mock::cli
