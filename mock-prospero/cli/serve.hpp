// `mock-prospero serve`: Prospero's side as a server with an API, in memory or on a file.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace mock::cli {

/// Adds the subcommand. When the command line names it, `run` becomes what carries it out. That prints the ready URL of
/// the API as the first line on stdout and serves until SIGINT or SIGTERM; its exit code is then 0. What keeps it from
/// starting is thrown as a std::exception whose text is one line for people.
void add_serve_command(CLI::App& app, std::function<int()>& run);

}  // namespace mock::cli
