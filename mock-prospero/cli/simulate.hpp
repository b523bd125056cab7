// The subcommand `simulate`: the delivery code in a simulated world, from a seed.
#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace mock::cli {

/// Adds the subcommand; when it is chosen, `run` is set to what carries it out and gives the exit code. `color`: mark a
/// failure in red.
void add_simulate_command(CLI::App& app, std::function<int()>& run, bool color);

}  // namespace mock::cli
