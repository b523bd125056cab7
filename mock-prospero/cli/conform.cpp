#include "cli/conform.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/conform_files.hpp"
#include "cli/conform_flags.hpp"
#include "cli/interrupt.hpp"
#include "conformance/asio_loop.hpp"
#include "conformance/path_entropy.hpp"
#include "conformance/report_outputs.hpp"
#include "conformance/run.hpp"
#include "conformance/vectors.hpp"
#include "conformance/wire_client.hpp"
#include "conformance/witness_sources.hpp"
#include "transport/transport.hpp"

namespace mock::cli {
namespace {

using namespace mock::conformance;

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

bool is_loopback(const transport::WebhookUrl& url) {
  const auto& literal = url.literal();
  return literal ? literal->is_loopback() : transport::is_localhost_name(url.host());
}

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

// Null without --exec.
std::unique_ptr<ConsumerProcess> start_consumer(const ConformFlags& flags) {
  if (flags.exec.empty()) return nullptr;
  auto process = make_consumer_process(flags.exec, flags.url);
  const auto problem = process->start();
  if (!problem.empty()) throw std::invalid_argument(fmt::format("--exec: {}", problem));
  return process;
}

void set_target(Plan& plan, const std::string& text, const ConformFlags& flags, const transport::UrlPolicy& policy) {
  const auto url = accepted(transport::WebhookUrl::parse(text, policy));
  plan.target.url = text;
  plan.target.shown = url.redacted();
  plan.target.over_tls = url.https();
  plan.target.by_name = !url.literal();
  plan.target.as_prospero_wants = !flags.network.lifts_policy();
  plan.target.path_bits = path_bits(url.target());
  plan.disruptive = flags.disruptive || is_loopback(url);
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

// Null if no flag names one.
std::unique_ptr<Witness> make_witness(const ConformFlags& flags, transport::NameLookup& lookup, Loop& loop) {
  if (!flags.witness_command.empty()) return make_command_witness(flags.witness_command);
  if (flags.witness.empty()) return nullptr;
  return make_http_witness({flags.witness, flags.witness_header, flags.network.ca_files}, lookup, loop);
}

int judge(const ConformFlags& flags, Plan plan, const std::vector<ReportRequest>& requests, bool color) {
  const auto options = transport_options(flags.network);
  check_url_is_given(flags);
  ReportOutputs outputs(requests, std::cout, {color, {repeat_flags(flags, plan.seed), limits_of(flags)}});
  const InterruptScope interrupt;
  const auto process = start_consumer(flags);
  const auto url = process ? process->url() : flags.url;
  set_target(plan, url, flags, options.policy);
  boost::asio::io_context io;
  const auto lookup = make_lookup(io, flags.network);
  transport::HttpTransport transport(io, *lookup, options);
  AsioLoop loop(io, InterruptScope::raised);
  WireClient wire(url, *lookup, loop, options);
  const auto witness = make_witness(flags, *lookup, loop);

  announce(flags.network);
  outputs.begin(plan);
  const auto report = conformance::run(plan, {transport, loop, wire, witness.get(), process.get()},
                                       [&](const CaseResult& result) { outputs.add(result); });
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
