#include "cli/conform.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cli/conform_flags.hpp"
#include "cli/conform_network.hpp"
#include "cli/interrupt.hpp"
#include "cli/vector_folder.hpp"
#include "conformance/dry_run.hpp"
#include "conformance/printable.hpp"
#include "conformance/report_outputs.hpp"
#include "conformance/run.hpp"
#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "conformance/witness_sources.hpp"

namespace mock::cli {
namespace {

using namespace mock::conformance;

void check_url_is_given(const ConformFlags& flags) {
  if (flags.url.empty()) {
    throw std::invalid_argument(
        "conform: the URL to judge is missing (only --list, --dry-run and --export work without one)");
  }
  if (flags.url == url_from_output && flags.exec.empty()) {
    throw std::invalid_argument(
        "conform: the URL '-' is what the command of --exec prints first; give --exec, or a URL");
  }
}

// Null without --exec. Throws Interrupted.
std::unique_ptr<ConsumerProcess> start_consumer(const ConformFlags& flags) {
  if (flags.exec.empty()) return nullptr;
  auto process = make_consumer_process(flags.exec, flags.url, InterruptScope::raised);
  const auto problem = process->start();
  if (InterruptScope::raised()) throw Interrupted{};
  if (!problem.empty()) throw std::invalid_argument(fmt::format("--exec: {}", problem));
  return process;
}

constexpr int usage_error = 2;

// The exit code `code`, unless a run that looked green told nobody.
int with_problem(int code, const std::string& problem) {
  if (problem.empty()) return code;
  fmt::print(stderr, "mock-prospero: conform: {}\n", problem);
  return code == 0 ? usage_error : code;
}

int say(const std::string& text) {
  std::cout << text << std::flush;
  return with_problem(0, std::cout ? "" : "standard output could not be written");
}

int print_traffic(Plan plan, const ConformFlags& flags) {
  const bool known = !flags.url.empty() && flags.url != url_from_output;
  known ? set_target(plan, flags.url, flags) : assume_target(plan, flags);
  const auto traffic = conformance::dry_run(plan);
  auto text = traffic_text(plan, traffic) + "; nothing was sent\n";
  for (const auto& [reason, count] : traffic.skipped) text += fmt::format("skipped: {} ({})\n", count, reason);
  if (!known) text += fmt::format("counted for {}; give the URL to know\n", assumed_target(flags));
  return say(text);
}

int export_vectors(const Plan& plan, const std::string& folder) {
  const auto made = vectors(plan);
  write_vectors(folder, made);
  return say(fmt::format("{} vectors, {} cases left out ({} says why); nothing was sent\n", made.files.size(),
                         made.left_out, vector_index_name));
}

// The text report says it too; this is for whoever sent that one to a file or asked for JSON.
void complain(const Report& report) {
  if (report.gone) fmt::print(stderr, "mock-prospero: conform: {}: {}\n", gone_text(*report.gone), report.gone->detail);
  if (!report.unreached) return;
  const auto& why = *report.unreached;
  fmt::print(stderr, "mock-prospero: conform: {} {}: {}\n", report.target,
             why.refused_by_policy ? "is refused" : "could not be reached", why.detail);
}

// Null if no flag names one.
std::unique_ptr<Witness> make_witness(const ConformFlags& flags, transport::NameLookup& lookup, Loop& loop) {
  if (!flags.witness_command.empty()) return make_command_witness(flags.witness_command);
  if (flags.witness.empty()) return nullptr;
  return make_http_witness({flags.witness, flags.witness_header, flags.network.ca_files}, lookup, loop);
}

// The consumer, started if that is asked for, and the URL to judge in `plan`. Where there is none the reports say why:
// an empty file would be passed over by whoever reads them. Throws Interrupted.
std::unique_ptr<ConsumerProcess> find_consumer(const ConformFlags& flags, Plan& plan, ReportOutputs& outputs) {
  plan.target.shown = "(no URL)";
  try {
    auto process = start_consumer(flags);
    set_target(plan, process ? process->url() : flags.url, flags);
    return process;
  } catch (const std::invalid_argument& error) {
    with_problem(usage_error, outputs.end(unreached_report(plan, {false, printable(error.what()), true})));
    throw;
  }
}

int judge(const ConformFlags& flags, Plan plan, const std::vector<ReportRequest>& requests, bool color) {
  check_url_is_given(flags);
  ReportOutputs outputs(requests, std::cout, {color, {repeat_flags(flags, plan.seed), limits_of(flags)}});
  const InterruptScope interrupt;
  std::unique_ptr<ConsumerProcess> process;
  try {
    process = find_consumer(flags, plan, outputs);
  } catch (const Interrupted&) {
    const auto report = interrupted_report(plan);
    return with_problem(static_cast<int>(exit_code(report)), outputs.end(report));
  }
  ConformNetwork network(plan.target.url, flags.network, InterruptScope::raised);
  const auto witness = make_witness(flags, network.lookup(), network.loop());
  auto access = network.access();
  access.witness = witness.get();
  access.process = process.get();

  announce(flags.network);
  outputs.begin(plan);
  const auto report = conformance::run(plan, access, [&](const CaseResult& result) { outputs.add(result); });
  const auto problem = outputs.end(report);
  if (!on_standard_output(requests, Format::text)) complain(report);
  return with_problem(static_cast<int>(exit_code(report)), problem);
}

ConformFlags with_secrets(ConformFlags flags, const Environment& environment) {
  flags.url = secret_argument("URL", flags.url, environment);
  flags.witness = secret_argument("--witness", flags.witness, environment);
  flags.witness_header = secret_argument("--witness-header", flags.witness_header, environment);
  return flags;
}

int conform(const ConformFlags& flags, bool color) {
  const auto requests = parse_report_requests(flags.reports);
  auto plan = plan_of(flags);
  if (flags.list) {
    check_list_requests(requests);
    return with_problem(0, ReportOutputs(requests, std::cout, {}).list(plan.cases));
  }
  if (!flags.export_to.empty()) return export_vectors(plan, flags.export_to);
  if (flags.dry_run) return print_traffic(std::move(plan), flags);
  return judge(flags, std::move(plan), requests, color);
}

constexpr auto examples = R"(Examples:
  mock-prospero conform https://consumer.example/hook/SECRET
  mock-prospero conform http://localhost:3000/hook/SECRET --allow-local --allow-http
  mock-prospero conform env:WEBHOOK_URL --strict --report junit=conform.xml
  mock-prospero conform URL --only D3 --seed 7
  mock-prospero conform - --exec './consumer --print-url' --allow-local --strict)";
}  // namespace

void add_conform_command(CLI::App& app, std::function<int()>& run, bool color, Environment environment) {
  auto* command =
      app.add_subcommand("conform", "Judge a consumer by its URL: every requirement of the contract, one by one");
  const auto flags = std::make_shared<ConformFlags>();
  add_conform_flags(*command, *flags);
  command->footer(examples);
  command->callback([flags, &run, color, environment = std::move(environment)] {
    run = [flags, color, environment] { return conform(with_secrets(*flags, environment), color); };
  });
}

}  // namespace mock::cli
