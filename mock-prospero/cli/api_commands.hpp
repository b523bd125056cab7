// The subcommands that talk to a running serve, one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace mock::cli {

void add_organization_command(CLI::App& app, std::function<int()>& run);
void add_webhook_command(CLI::App& app, std::function<int()>& run);
void add_trigger_command(CLI::App& app, std::function<int()>& run);
void add_advance_command(CLI::App& app, std::function<int()>& run);
void add_deliveries_command(CLI::App& app, std::function<int()>& run);
void add_missed_command(CLI::App& app, std::function<int()>& run);
void add_resend_command(CLI::App& app, std::function<int()>& run);

}  // namespace mock::cli
