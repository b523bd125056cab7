#include "cli/conform.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/network_flags.hpp"
#include "conformance/asio_loop.hpp"
#include "conformance/printable.hpp"
#include "conformance/registry.hpp"
#include "conformance/report_outputs.hpp"
#include "conformance/run.hpp"
#include "transport/transport.hpp"

namespace mock::cli {
namespace {

using namespace mock::conformance;

// The largest integer that every JSON reader keeps exactly.
constexpr std::uint64_t seed_max = (std::uint64_t{1} << 53) - 1;

struct ConformFlags {
  std::string url;
  NetworkFlags network;
  SelectionOptions selection;
  std::vector<std::string> reports;
  std::optional<std::uint64_t> seed;
  bool list = false;
  bool dry_run = false;
  bool strict = false;
};

std::uint64_t any_seed() {
  return std::random_device{}();
}

std::string repeated(std::string_view flag, const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) {
    out += fmt::format(" {} {}", flag, shell_word(value));
  }
  return out;
}

std::string repeat_flags(const ConformFlags& flags, std::uint64_t seed) {
  auto out = fmt::format(" --seed {}", seed);
  out += repeated("--ca", flags.network.ca_files);
  out += flags.network.dns.empty() ? "" : fmt::format(" --dns {}", shell_word(flags.network.dns));
  out += flags.network.allow_local ? " --allow-local" : "";
  out += flags.network.allow_http ? " --allow-http" : "";
  out += repeated("--allow-net", flags.network.allow_nets);
  out += repeated("--events", flags.selection.events);
  out += flags.strict ? " --strict" : "";
  return out;
}

std::vector<std::string> limits_of(const ConformFlags& flags) {
  std::vector<std::string> limits;
  const auto note = [&](bool given, const char* flag) {
    if (given) limits.emplace_back(flag);
  };
  note(flags.network.allow_local, "--allow-local");
  note(flags.network.allow_http, "--allow-http");
  note(!flags.network.allow_nets.empty(), "--allow-net");
  note(!flags.selection.only.empty(), "--only");
  note(!flags.selection.skip.empty(), "--skip");
  note(!flags.selection.events.empty(), "--events");
  return limits;
}

// Throws std::invalid_argument with the refusal's own line.
template <class Value>
Value accepted(transport::Result<Value> result) {
  if (!result) throw std::invalid_argument(result.error().reason);
  return std::move(*result);
}

transport::TransportOptions transport_options(const NetworkFlags& flags) {
  transport::TransportOptions options;
  options.policy.allow_local = flags.allow_local;
  options.policy.allow_http = flags.allow_http;
  for (const auto& net : flags.allow_nets) {
    options.policy.allow_nets.push_back(accepted(transport::Network::parse(net)));
  }
  options.ca_files = flags.ca_files;
  return options;
}

std::unique_ptr<transport::NameLookup> make_lookup(boost::asio::io_context& io, const NetworkFlags& flags) {
  if (flags.dns.empty()) return transport::make_cares_lookup(io);
  return transport::make_cares_lookup(io, accepted(transport::DnsServer::parse(flags.dns)));
}

Plan plan_of(const ConformFlags& flags) {
  Plan plan;
  plan.target.events = events_to_push(flags.selection);
  plan.cases = select(all_cases(), flags.selection);
  plan.seed = flags.seed ? *flags.seed : any_seed();
  plan.strict = flags.strict;
  plan.lifted = !limits_of(flags).empty();
  return plan;
}

Target target_of(const ConformFlags& flags, const transport::UrlPolicy& policy, Target target) {
  if (flags.url.empty()) {
    throw std::invalid_argument("conform: the URL to judge is missing (only --list and --dry-run work without one)");
  }
  target.url = flags.url;
  target.shown = accepted(transport::WebhookUrl::parse(flags.url, policy)).redacted();
  return target;
}

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
  const auto options = transport_options(flags.network);
  plan.target = target_of(flags, options.policy, std::move(plan.target));
  boost::asio::io_context io;
  const auto lookup = make_lookup(io, flags.network);
  transport::HttpTransport transport(io, *lookup, options);
  AsioLoop loop(io);
  ReportOutputs outputs(requests, std::cout, {color, repeat_flags(flags, plan.seed), limits_of(flags)});

  announce(flags.network);
  outputs.begin(plan);
  const auto report = conformance::run(plan, transport, loop, [&](const CaseResult& result) { outputs.add(result); });
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
  if (flags.dry_run) {
    print_traffic(plan);
    return 0;
  }
  return judge(flags, std::move(plan), requests, color);
}

CLI::Option* add_names(CLI::App& command, const char* name, std::vector<std::string>& into, const char* help) {
  return command.add_option(name, into, help)->delimiter(',')->allow_extra_args(false)->group("Cases");
}

void add_case_flags(CLI::App& command, ConformFlags& flags) {
  add_names(command, "--only", flags.selection.only, "run only these: full ids, clauses (E1), clause letters (E)")
      ->type_name("ID,..");
  add_names(command, "--skip", flags.selection.skip, "leave these out: full ids, clauses, clause letters")
      ->type_name("ID,..");
  add_names(command, "--events", flags.selection.events,
            "the webhook events that the consumer listens to; the others weigh as ADVICE (S2)")
      ->type_name("NAME,..");
  command.add_flag("--strict", flags.strict, "a SHOULD that does not hold fails too")->group("Cases");
  command.add_flag("--list", flags.list, "list the cases and send nothing; with --report json as JSON")->group("Cases");
  command.add_flag("--dry-run", flags.dry_run, "say how much would be sent, and send nothing")->group("Cases");
  command.add_option("--seed", flags.seed, "repeats every byte of an earlier run; else a new one each time")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, seed_max))
      ->group("Cases");
}

}  // namespace

void add_conform_command(CLI::App& app, std::function<int()>& run, bool color) {
  auto* command =
      app.add_subcommand("conform", "Judge a consumer by its URL: every requirement of the contract, one by one");
  const auto flags = std::make_shared<ConformFlags>();
  command->add_option("URL", flags->url, "the consumer's webhook URL, complete with its path");
  add_case_flags(*command, *flags);
  command->add_option("--report", flags->reports, "text or json, to standard output or to FILE (repeatable)")
      ->type_name("FORMAT[=FILE]")
      ->allow_extra_args(false)
      ->group("Report");
  add_network_flags(*command, flags->network);
  command->callback([flags, &run, color] { run = [flags, color] { return conform(*flags, color); }; });
}

}  // namespace mock::cli
