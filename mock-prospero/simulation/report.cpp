#include "simulation/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <string_view>

namespace mock::simulation {
namespace {

namespace json = boost::json;

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    result += fmt::format("    {}\n", line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return result;
}

std::string trail(const Run& run, const Violation& violation) {
  return violation.delivery ? trail_of(run.history, *violation.delivery) : std::string{};
}

json::object failure_json(const Run& run) {
  json::array violations;
  for (const auto& one : run.violations) {
    json::object shown{{"clause", one.clause}, {"sentence", one.sentence}, {"deliveryId", nullptr}};
    if (one.delivery) shown["deliveryId"] = run.history.deliveries[*one.delivery].id;
    shown["trail"] = trail(run, one);
    violations.push_back(std::move(shown));
  }
  return {{"seed", run.seed},
          {"options", to_text(run.plan)},
          {"violations", std::move(violations)},
          {"journalHash", fmt::format("{:016x}", hash_of(run.history))},
          {"replay", replay_command(run)}};
}

}  // namespace

void Totals::add(const Run& run) {
  const auto& history = run.history;
  ++runs;
  deliveries += history.deliveries.size();
  pushes += history.receipts.size();
  for (const auto& entry : history.entries) {
    if (entry.kind == Entry::Kind::crashed) ++crashes;
    if (entry.kind == Entry::Kind::delivery && entry.delivery.attempts > 0 && !entry.delivery.last.ended_at) ++attempts;
  }
}

std::string replay_command(const Run& run) {
  return fmt::format("mock-prospero simulate --seed {}", run.seed);
}

std::string failure_text(const Run& run) {
  auto text = fmt::format("FAILED: seed {}\n  {}\n", run.seed, to_text(run.plan));
  for (const auto& one : run.violations) {
    text += fmt::format("  {}: {}\n", one.clause, one.sentence);
    if (one.delivery) text += fmt::format("    trail of delivery {}:\n", run.history.deliveries[*one.delivery].id);
    text += indented(trail(run, one));
  }
  return text + fmt::format("  journal {:016x}; replay: {}\n", hash_of(run.history), replay_command(run));
}

std::string totals_text(const Totals& totals) {
  return fmt::format("{} runs: {} deliveries, {} attempts, {} pushes taken by consumers, {} crashes of the sender\n",
                     totals.runs, totals.deliveries, totals.attempts, totals.pushes, totals.crashes);
}

json::object report_json(std::uint64_t seed, const Totals& totals, const Run* failed) {
  json::object report{{"schema", 1},
                      {"seed", seed},
                      {"runs", totals.runs},
                      {"held", failed == nullptr},
                      {"totals",
                       {{"deliveries", totals.deliveries},
                        {"attempts", totals.attempts},
                        {"pushes", totals.pushes},
                        {"crashes", totals.crashes}}},
                      {"failure", nullptr}};
  if (failed != nullptr) report["failure"] = failure_json(*failed);
  return report;
}

}  // namespace mock::simulation
