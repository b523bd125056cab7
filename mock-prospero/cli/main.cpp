// mock-prospero: the sending side of Prospero's webhooks. One file per subcommand; this one only reads the arguments.
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/conform.hpp"
#include "cli/contract.hpp"
#include "cli/push.hpp"
#include "cli/serve.hpp"
#include "cli/simulate.hpp"

namespace {

constexpr int usage_error = 2;
constexpr const char* commands = "there are serve, push, conform, simulate and contract";

// https://no-color.org
bool color_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int run_command(int argc, char** argv) {
  CLI::App app{"mock-prospero: the sending side of Prospero's webhooks, to test a consumer with", "mock-prospero"};
  app.set_version_flag("--version", "mock-prospero " MOCK_PROSPERO_VERSION);
  app.require_subcommand(1);
  std::function<int()> run;
  mock::cli::add_serve_command(app, run);
  mock::cli::add_push_command(app, run);
  mock::cli::add_conform_command(app, run, color_wanted(), environment_variable);
  mock::cli::add_simulate_command(app, run, color_wanted());
  mock::cli::add_contract_command(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    const auto problem = !app.get_subcommands().empty() ? std::string(error.what())
                         : argc > 1                     ? fmt::format("'{}' is no command; {}", argv[1], commands)
                                                        : fmt::format("a command is missing; {}", commands);
    fmt::print(stderr, "mock-prospero: {}; see --help\n", problem);
    return usage_error;
  }
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_command(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "mock-prospero: {}\n", error.what());
    return usage_error;
  }
}
