#include "cli/conform_flags.hpp"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

#include "cli/conform_files.hpp"
#include "conformance/printable.hpp"
#include "conformance/registry.hpp"

namespace mock::cli {
namespace {

using namespace mock::conformance;

// The largest integer that every JSON reader keeps exactly.
constexpr std::uint64_t seed_max = (std::uint64_t{1} << 53) - 1;
constexpr std::size_t repeat_max = 1000;

std::string repeated(std::string_view flag, const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) {
    out += fmt::format(" {} {}", flag, shell_word(value));
  }
  return out;
}

std::string with_value(std::string_view flag, const std::string& value) {
  return value.empty() ? std::string() : fmt::format(" {} {}", flag, shell_word(value));
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
  command.add_flag("--dry-run", flags.dry_run, "say how much a run with these flags sends, and send nothing")
      ->group("Cases");
  command
      .add_option(
          "--baseline", flags.baseline,
          "failures that are expected, with reasons; one that now passes fails the run, and so does a MUST that "
          "could not be tried because of one; where every MUST that ran is one, the exit code is 4")
      ->type_name("FILE")
      ->group("Cases");
  command
      .add_option("--export", flags.export_to,
                  "write requests and required verdicts as JSON files for unit tests, and send nothing")
      ->type_name("DIR")
      ->group("Cases");
}

void add_push_flags(CLI::App& command, ConformFlags& flags) {
  command.add_option("--seed", flags.seed, "repeats every byte of an earlier run; else a new one each time")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, seed_max))
      ->group("Pushes");
  command.add_option("--repeat", flags.repeat, "run each case N times; one whose results differ is flaky")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, repeat_max))
      ->group("Pushes");
  command.add_option("--rate", flags.rate, "at most R requests a second; the load cases are skipped")
      ->type_name("R")
      ->check(CLI::Range(0.01, 10'000.0))
      ->group("Pushes");
  command
      .add_flag("--disruptive", flags.disruptive,
                "allow bursts, slow and silent connections and oversize against a system that is not on loopback")
      ->group("Pushes");
  command
      .add_option("--fixtures", flags.fixtures,
                  "event.json, invoice.json, offer.json: recorded entities or pushes, to take the fields of")
      ->type_name("DIR")
      ->group("Pushes");
  command.add_option("--org", flags.org, "the orgId of every entity")->type_name("UUID")->group("Pushes");
  command.add_flag("--no-marker", flags.no_marker, "leave out the field that tells a test push from a real one")
      ->group("Pushes");
}

void add_level_flags(CLI::App& command, ConformFlags& flags) {
  auto* const url =
      command
          .add_option("--witness", flags.witness,
                      "where the consumer tells what it processed, as JSON lines: shows what became of each 200")
          ->type_name("URL")
          ->group("Levels");
  command
      .add_option("--witness-header", flags.witness_header,
                  "a header field for --witness, as in 'Authorization: Bearer TOKEN'")
      ->type_name("H")
      ->needs(url)
      ->group("Levels");
  command
      .add_option("--witness-cmd", flags.witness_command, "a shell command that prints these lines, instead of a URL")
      ->type_name("CMD")
      ->excludes(url)
      ->group("Levels");
  command
      .add_option(
          "--exec", flags.exec,
          "a shell command that starts the consumer: it is killed (SIGKILL, its whole process group) under load "
          "and started again; with the URL '-' the first line that it prints is the URL")
      ->type_name("CMD")
      ->group("Levels");
}

}  // namespace

void add_conform_flags(CLI::App& command, ConformFlags& flags) {
  command.add_option(
      "URL", flags.url,
      "the consumer's webhook URL, complete with its path; env:NAME: it is in that environment variable, as "
      "--witness and --witness-header may be; '-': the first line of what --exec prints");
  add_case_flags(command, flags);
  add_push_flags(command, flags);
  add_level_flags(command, flags);
  command
      .add_option(
          "--report", flags.reports,
          "text, json, junit, tap or html, to standard output or to FILE; the flag again for each further report")
      ->type_name("FORMAT[=FILE]")
      ->allow_extra_args(false)
      ->group("Report");
  add_network_flags(command, flags.network);
}

Plan plan_of(const ConformFlags& flags) {
  Plan plan;
  plan.target.events = events_to_push(flags.selection);
  plan.cases = select(all_cases(), flags.selection);
  plan.seed = flags.seed ? *flags.seed : std::random_device{}();
  plan.strict = flags.strict;
  plan.lifted = !limits_of(flags).empty();
  plan.repeat = flags.repeat;
  plan.rate = flags.rate;
  plan.crash = !flags.exec.empty();
  plan.witness = !flags.witness.empty() || !flags.witness_command.empty();
  plan.material.marker = !flags.no_marker;
  if (!flags.org.empty()) plan.material.org_id = checked_uuid(flags.org);
  if (!flags.fixtures.empty()) plan.material.entities = read_fixtures(flags.fixtures);
  if (!flags.baseline.empty()) plan.baseline = read_baseline(flags.baseline, plan.cases);
  return plan;
}

std::string repeat_flags(const ConformFlags& flags, std::uint64_t seed) {
  auto out = fmt::format(" --seed {}", seed);
  out += repeated("--ca", flags.network.ca_files);
  out += with_value("--dns", flags.network.dns);
  out += flags.network.allow_local ? " --allow-local" : "";
  out += flags.network.allow_http ? " --allow-http" : "";
  out += repeated("--allow-net", flags.network.allow_nets);
  out += repeated("--events", flags.selection.events);
  out += with_value("--fixtures", flags.fixtures) + with_value("--org", flags.org);
  out += flags.no_marker ? " --no-marker" : "";
  out += flags.disruptive ? " --disruptive" : "";
  out += flags.strict ? " --strict" : "";
  out += flags.repeat > 1 ? fmt::format(" --repeat {}", flags.repeat) : "";
  out += flags.rate ? fmt::format(" --rate {}", *flags.rate) : "";
  // As the URL itself these may hold secrets: a report names them only.
  out += flags.exec.empty() ? "" : " --exec \"$EXEC_CMD\"";
  out += flags.witness.empty() ? "" : " --witness \"$WITNESS_URL\"";
  out += flags.witness_header.empty() ? "" : " --witness-header \"$WITNESS_HEADER\"";
  out += flags.witness_command.empty() ? "" : " --witness-cmd \"$WITNESS_CMD\"";
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

}  // namespace mock::cli
