// `mock-prospero conform URL`: judges a consumer, in any language, by its URL.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "cli/environment.hpp"

namespace mock::cli {

/// Adds the subcommand. When the command line names it, `run` becomes what carries it out; that returns the exit code:
/// 0 all held, 1 a requirement failed, 3 the endpoint could not be reached, 4 something could not be judged, and 2 when
/// no case ran that could have failed the run, or all held and a report could not be written. Wrong arguments are a
/// std::invalid_argument with one line for people. `color` is for standard output; `environment` for arguments
/// `env:NAME`.
void add_conform_command(CLI::App& app, std::function<int()>& run, bool color, Environment environment = {});

}  // namespace mock::cli
