#include "api/conformance_run.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <utility>

#include "conformance/explanation.hpp"
#include "conformance/report_json.hpp"
#include "conformance/verdict.hpp"
#include "world/date_time.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using conformance::Report;
using conformance::Unreached;

json::value text_json(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

// Cases run in the order of the plan, so the next one is known by the count of those that ended.
json::value current_case(const ConformanceRun& run) {
  const auto& cases = run.prepared.plan.cases;
  const auto next =
      std::find_if(cases.begin() + static_cast<std::ptrdiff_t>(std::min(run.report.cases.size(), cases.size())),
                   cases.end(), [](const auto& selected) { return !selected.left_out; });
  if (run.state != RunState::running || next == cases.end()) return nullptr;
  return json::value(next->definition->id);
}

json::value exit_code_json(const ConformanceRun& run) {
  const bool judged = run.state == RunState::finished || run.state == RunState::stopped;
  return judged ? json::value(static_cast<int>(exit_code(run.report))) : json::value(nullptr);
}

json::value summary_json(const Report& report) {
  if (report.cases.empty()) return nullptr;
  const auto summary = summarize(report);
  return json::object{{"passed", summary.passed},   {"failed", summary.failed},
                      {"skipped", summary.skipped}, {"advice", summary.advice},
                      {"error", summary.error},     {"skippedForLevel", summary.level_missing},
                      {"flaky", summary.flaky}};
}

json::value full_json(const ConformanceRun& run) {
  return run.state == RunState::finished ? json::value(run.report.full) : json::value(nullptr);
}

json::array lines_json(const conformance::CaseResult& result, const conformance::ReportContext& context) {
  json::array lines;
  for (const auto& [name, text] : explanation(result, context)) lines.push_back(json::array{name, text});
  return lines;
}

// What the HTML report says, for whoever shows a run in another way.
json::object words_json(const ConformanceRun& run) {
  json::array cases;
  for (const auto& result : run.report.cases) {
    const bool more = needs_explanation(result);
    cases.push_back(json::object{{"id", result.definition->id},
                                 {"title", result.definition->title},
                                 {"lines", more ? lines_json(result, run.prepared.context) : json::array{}}});
  }
  return {{"verdict", verdict(run.report)},
          {"limits", limits_text(run.report, run.prepared.context)},
          {"cases", std::move(cases)}};
}

std::string why_unreached(const Unreached& why) {
  return (why.refused_by_policy ? "the address of this webhook is refused (D6): " : "no connection to this webhook: ") +
         why.detail;
}

}  // namespace

std::string_view to_text(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::finished:
      return "finished";
    case RunState::stopped:
      return "stopped";
    case RunState::failed:
      return "failed";
  }
  return "";
}

ConformanceRun::ConformanceRun(std::string id_, std::string webhook_id_, PreparedRun prepared_,
                               delivery::Instant started_at_)
    : id(std::move(id_)), webhook_id(std::move(webhook_id_)), prepared(std::move(prepared_)), started_at(started_at_) {
  report.target = prepared.plan.target.shown;
  report.seed = prepared.plan.seed;
  report.under_way = true;
}

void note(ConformanceRun& run, const conformance::CaseResult& result) {
  run.report.cases.push_back(result);
  run.done = run.report.cases.size();
}

void finish(ConformanceRun& run, Report report, delivery::Instant at) {
  run.report = std::move(report);
  run.state = run.report.interrupted ? RunState::stopped : RunState::finished;
  if (!run.report.interrupted) run.done = run.report.cases.size();
  if (run.report.unreached) run.error = why_unreached(*run.report.unreached);
  run.ended_at = at;
}

void fail(ConformanceRun& run, const std::string& why, delivery::Instant at) {
  run.report.under_way = false;
  run.report.interrupted = true;
  run.state = RunState::failed;
  run.error = why;
  run.ended_at = at;
}

json::object run_json(const ConformanceRun& run) {
  return {{"id", run.id},
          {"webhookId", run.webhook_id},
          {"state", to_text(run.state)},
          {"startedAt", world::milli_time_text(run.started_at)},
          {"endedAt", run.ended_at ? json::value(world::milli_time_text(*run.ended_at)) : json::value(nullptr)},
          {"seed", run.report.seed},
          {"done", run.done},
          {"total", run.prepared.plan.cases.size()},
          {"current", current_case(run)},
          {"exitCode", exit_code_json(run)},
          {"error", text_json(run.error)},
          {"summary", summary_json(run.report)},
          {"full", full_json(run)}};
}

json::object run_with_report_json(const ConformanceRun& run) {
  auto object = run_json(run);
  object["report"] = json::parse(conformance::json_report(run.report));
  object["words"] = words_json(run);
  return object;
}

}  // namespace mock::api
