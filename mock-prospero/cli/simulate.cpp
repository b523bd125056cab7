#include "cli/simulate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>

#include "cli/interrupt.hpp"
#include "cli/validators.hpp"
#include "simulation/report.hpp"
#include "simulation/run.hpp"

namespace mock::cli {
namespace {

constexpr int exit_held = 0;
constexpr int exit_failed = 1;
constexpr int exit_interrupted = 130;  // what a shell makes of Ctrl-C
constexpr std::uint64_t runs_without_a_seed = 1000;

constexpr auto examples = R"(Examples:
  mock-prospero simulate                            1,000 runs from a seed of the machine's choice, which is printed
  mock-prospero simulate --seed 1 --runs 10000      the runs of seeds 1 to 10,000
  mock-prospero simulate --seed 4711                one run, as it was when it failed
  mock-prospero simulate --runs 100 --json

Exit codes: 0 every requirement held, 1 one failed, 2 usage, 130 ended by Ctrl-C, with what was found so far.)";

struct SimulateFlags {
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> runs;
  bool json = false;
  bool color = false;
};

class Progress {
 public:
  explicit Progress(std::uint64_t runs) : runs_(runs), shown_(isatty(STDERR_FILENO) == 1) {}

  void show(std::uint64_t done) {
    if (shown_ && done % 100 == 0) fmt::print(stderr, "\r{} of {} runs", done, runs_);
  }

  /// The speed belongs here and not to the report, whose bytes are the same each time.
  void finish(std::uint64_t done) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    fmt::print(stderr, "{}{} runs in {:.1f} s, {:.0f} a second\n", shown_ ? "\r" : "", done, took.count(),
               static_cast<double>(done) / took.count());
  }

 private:
  std::uint64_t runs_;
  bool shown_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

void print_text(const simulation::Totals& totals, const simulation::Run* failed, bool color) {
  if (failed != nullptr)
    fmt::print("{}{}{}", color ? "\033[31m" : "", simulation::failure_text(*failed), color ? "\033[0m" : "");
  fmt::print("{}{}", simulation::totals_text(totals), failed == nullptr ? "every requirement held\n" : "");
}

/// First, so that a run that never ends can be made again.
void announce(std::uint64_t seed, std::uint64_t runs, std::FILE* out) {
  simulation::Random random(seed);
  fmt::print(out, "seed {}, runs {}\noptions{}: {}\n", seed, runs,
             runs == 1 ? "" : " of the first run (each later seed draws its own)",
             to_text(simulation::draw_plan(random)));
  std::fflush(out);
}

int simulate(const SimulateFlags& flags) {
  const auto seed = flags.seed ? *flags.seed : std::uint64_t{std::random_device{}()};
  const auto runs = flags.runs.value_or(flags.seed ? 1 : runs_without_a_seed);
  announce(seed, runs, flags.json ? stderr : stdout);
  Progress progress(runs);
  simulation::Totals totals;
  std::optional<simulation::Run> failed;
  const InterruptScope interrupts;
  while (totals.runs < runs && !failed && !InterruptScope::raised()) {
    auto run = simulation::carry_out(seed + totals.runs);
    totals.add(run);
    if (!run.violations.empty()) failed = std::move(run);
    progress.show(totals.runs);
  }
  progress.finish(totals.runs);
  if (flags.json) {
    fmt::print("{}\n", boost::json::serialize(simulation::report_json(seed, totals, failed ? &*failed : nullptr)));
  } else {
    print_text(totals, failed ? &*failed : nullptr, flags.color);
  }
  if (failed) return exit_failed;
  if (totals.runs == runs) return exit_held;
  fmt::print(stderr, "interrupted after {} of {} runs\n", totals.runs, runs);
  return exit_interrupted;
}

}  // namespace

void add_simulate_command(CLI::App& app, std::function<int()>& run, bool color) {
  auto* command = app.add_subcommand(
      "simulate", "Prove the delivery rules in a simulated world of crashes, lost answers and slow consumers");
  const auto flags = std::make_shared<SimulateFlags>();
  flags->color = color;
  command->add_option("--seed", flags->seed, "of the first run; each later one has the next number")
      ->check(whole_number)
      ->type_name("N");
  command->add_option("--runs", flags->runs, "how many; without it 1 with --seed, else 1,000")
      ->check(CLI::Range(1, 1'000'000'000))
      ->type_name("N");
  command->add_flag("--json", flags->json,
                    "print one JSON object at the end; seed and options come first, on standard error");
  command->footer(examples);
  command->callback([flags, &run] { run = [flags] { return simulate(*flags); }; });
}

}  // namespace mock::cli
