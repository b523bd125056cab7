#include "cli/conform.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/conform_files.hpp"
#include "cli/conform_flags.hpp"
#include "cli/conform_network.hpp"
#include "cli/interrupt.hpp"
#include "conformance/report_outputs.hpp"
#include "conformance/run.hpp"
#include "conformance/vectors.hpp"

namespace mock::cli {
namespace {

using namespace mock::conformance;

void print_traffic(const Plan& plan) {
  const auto traffic = conformance::dry_run(plan);
  std::cout << fmt::format("{} cases, at most {} pushes, {} bytes of bodies, seed {}; nothing was sent\n",
                           cases_to_run(plan), traffic.requests, traffic.bytes, plan.seed)
            << std::flush;
}

// The text report says it too; this is for whoever sent that one to a file or asked for JSON.
void complain(const Report& report) {
  if (!report.unreached) return;
  const auto& why = *report.unreached;
  fmt::print(stderr, "mock-prospero: conform: {} {}: {}\n", report.target,
             why.refused_by_policy ? "is refused" : "could not be reached", why.detail);
}

int judge(const ConformFlags& flags, Plan plan, const std::vector<ReportRequest>& requests, bool color) {
  if (flags.url.empty()) {
    throw std::invalid_argument(
        "conform: the URL to judge is missing (only --list, --dry-run and --export work without one)");
  }
  set_target(plan, flags);
  const InterruptScope interrupt;
  ConformNetwork network(flags.url, flags.network, InterruptScope::raised);
  ReportOutputs outputs(requests, std::cout, {color, {repeat_flags(flags, plan.seed), limits_of(flags)}});

  announce(flags.network);
  outputs.begin(plan);
  const auto report = conformance::run(plan, network.access(), [&](const CaseResult& result) { outputs.add(result); });
  outputs.end(report);
  if (!on_standard_output(requests, Format::text)) complain(report);
  return static_cast<int>(exit_code(report));
}

int conform(const ConformFlags& flags, bool color) {
  const auto requests = parse_report_requests(flags.reports);
  auto plan = plan_of(flags);
  if (flags.list) {
    ReportOutputs(requests, std::cout, {}).list(plan.cases);
    return 0;
  }
  if (!flags.export_to.empty()) {
    const auto files = vectors(plan);
    write_files(flags.export_to, files);
    std::cout << fmt::format("{} files, one for each case; nothing was sent\n", files.size()) << std::flush;
    return 0;
  }
  if (flags.dry_run) {
    print_traffic(plan);
    return 0;
  }
  return judge(flags, std::move(plan), requests, color);
}

}  // namespace

void add_conform_command(CLI::App& app, std::function<int()>& run, bool color) {
  auto* command =
      app.add_subcommand("conform", "Judge a consumer by its URL: every requirement of the contract, one by one");
  const auto flags = std::make_shared<ConformFlags>();
  add_conform_flags(*command, *flags);
  command->callback([flags, &run, color] { run = [flags, color] { return conform(*flags, color); }; });
}

}  // namespace mock::cli
