// mock-prospero: the sending side of Prospero's webhooks. One file per subcommand; this one only reads the arguments.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/api_commands.hpp"
#include "cli/conform.hpp"
#include "cli/contract.hpp"
#include "cli/push.hpp"
#include "cli/serve.hpp"
#include "cli/simulate.hpp"
#include "cli/usage.hpp"

namespace {

constexpr int usage_error = 2;

// https://no-color.org
bool color_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// What could not be written shows at the latest when the buffer is emptied, and stdio keeps it in a flag.
void require_written_output() {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return;
  throw std::runtime_error(fmt::format("standard output cannot be written{}{}", errno == 0 ? "" : ": ",
                                       errno == 0 ? "" : std::strerror(errno)));
}

/// What is said beside the output is of no use to a reader who has gone: that must not end a run, as an exception of
/// the formatting library would.
void let_messages_be_lost() {
  cookie_io_functions_t functions{};
  functions.write = [](void*, const char* bytes, std::size_t size) -> ssize_t {
    for (std::size_t done = 0; done < size;) {
      const auto written = ::write(STDERR_FILENO, bytes + done, size - done);
      if (written < 0 && errno != EINTR) break;
      done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    return static_cast<ssize_t>(size);
  };
  std::FILE* const lossy = ::fopencookie(nullptr, "w", functions);
  if (lossy == nullptr) return;
  std::setvbuf(lossy, nullptr, _IONBF, 0);
  stderr = lossy;
}

int complain(const std::string& problem) {
  fmt::print(stderr, "mock-prospero: {}; see --help\n", problem);
  return usage_error;
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
  mock::cli::add_organization_command(app, run);
  mock::cli::add_webhook_command(app, run);
  mock::cli::add_trigger_command(app, run);
  mock::cli::add_advance_command(app, run);
  mock::cli::add_deliveries_command(app, run);
  mock::cli::add_missed_command(app, run);
  mock::cli::add_resend_command(app, run);
  const std::vector<std::string> given(argv + std::min(argc, 1), argv + argc);
  if (const auto problem = mock::cli::unknown_command(app, given); !problem.empty()) return complain(problem);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return complain(mock::cli::usage_problem(app, error, given));
  }
  const int code = run();
  require_written_output();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  let_messages_be_lost();
  try {
    return run_command(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "mock-prospero: {}\n", error.what());
    return usage_error;
  }
}
