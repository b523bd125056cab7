// `mock-prospero push`: one webhook event to one URL, no server needed.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace mock::cli {

/// Adds the subcommand. When the command line names it, `run` becomes what carries it out; that returns the exit code:
/// 0 delivered, 1 not delivered, 2 usage or policy, 3 no TCP connection in any attempt. A usage error is thrown as a
/// std::exception whose text is one line for people.
void add_push_command(CLI::App& app, std::function<int()>& run);

}  // namespace mock::cli
