#include "cli/contract.hpp"

#include <iostream>
#include <memory>
#include <string>

#include "contract/print.hpp"

namespace mock::cli {
namespace {

constexpr int exit_ok = 0;
constexpr int exit_usage = 2;

int print_contract(bool as_json) {
  const contract::Values values;
  std::cout << (as_json ? contract::print_json(values) + '\n' : contract::print_text(values)) << std::flush;
  if (std::cout) return exit_ok;
  std::cerr << "contract: standard output cannot be written: is its disk full or its reader gone?\n";
  return exit_usage;
}

}  // namespace

void add_contract_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand(
      "contract",
      "Print every clause of the contract with its mark and the value that holds unless a flag of serve changes it");
  auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "As one JSON object");
  command->footer(R"(Examples:
  mock-prospero contract
  mock-prospero contract --json | jq '.clauses[] | select(.mark == "chosen") | [.id, .value, .flag]'
A running serve tells the values in force at GET /v1/contract.)");
  command->callback([as_json, &run] { run = [as_json] { return print_contract(*as_json); }; });
}

}  // namespace mock::cli
