// `mock-prospero contract`: every clause with its mark and the value that holds unless a flag changes it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace mock::cli {

/// Adds the subcommand. When the command line names it, `run` becomes what carries it out; that returns the exit code.
void add_contract_command(CLI::App& app, std::function<int()>& run);

}  // namespace mock::cli
