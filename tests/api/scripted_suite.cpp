#include "scripted_suite.hpp"

#include <chrono>
#include <stdexcept>

#include "conformance/registry.hpp"

namespace api_test {

using namespace mock::conformance;
using mock::api::PreparedRun;
using mock::api::SuiteWish;

void ScriptedSuite::hold_before(std::size_t cases) {
  const std::lock_guard lock{mutex_};
  held_at_ = cases;
}

void ScriptedSuite::release() {
  const std::lock_guard lock{mutex_};
  held_at_.reset();
  changed_.notify_all();
}

void ScriptedSuite::result(const std::string& id, Status status) {
  const std::lock_guard lock{mutex_};
  results_[id] = status;
}

void ScriptedSuite::fail_with(const std::string& text) {
  const std::lock_guard lock{mutex_};
  failure_ = text;
}

void ScriptedSuite::unreached(const std::string& detail) {
  const std::lock_guard lock{mutex_};
  unreached_ = detail;
}

SuiteWish ScriptedSuite::last_wish() const {
  const std::lock_guard lock{mutex_};
  return last_wish_;
}

PreparedRun ScriptedSuite::prepare(const SuiteWish& wish) const {
  const std::lock_guard lock{mutex_};
  last_wish_ = wish;
  PreparedRun ready;
  ready.plan.cases = select(all_cases(), {wish.only, wish.skip, wish.events});
  ready.plan.target.url = wish.url;
  ready.plan.target.shown = "https://consumer.example/***";
  ready.plan.seed = wish.seed.value_or(11);
  return ready;
}

// True if the run may go on. The time is only how often the wish to stop is looked at.
bool ScriptedSuite::wait_at(std::size_t known, const std::function<bool()>& interrupted) const {
  std::unique_lock lock{mutex_};
  while (held_at_ && known >= *held_at_ && !interrupted()) changed_.wait_for(lock, std::chrono::milliseconds{5});
  if (failure_) throw std::runtime_error{*failure_};
  return !interrupted();
}

std::optional<Unreached> ScriptedSuite::unreachable() const {
  const std::lock_guard lock{mutex_};
  return unreached_ ? std::optional{Unreached{false, *unreached_}} : std::nullopt;
}

CaseResult ScriptedSuite::result_of(const SelectedCase& selected) const {
  const std::lock_guard lock{mutex_};
  CaseResult result;
  result.definition = selected.definition;
  result.strength = selected.strength;
  if (selected.left_out) return result;
  const auto scripted = results_.find(selected.definition->id);
  result.status = scripted == results_.end() ? Status::passed : scripted->second;
  result.actual = "scripted <b>&";
  return result;
}

Report ScriptedSuite::run(const Plan& plan, const Progress& progress, const std::function<bool()>& interrupted) const {
  Report report;
  report.target = plan.target.shown;
  report.seed = plan.seed;
  report.unreached = unreachable();
  for (const auto& selected : plan.cases) {
    report.interrupted = !wait_at(report.cases.size(), interrupted);
    if (report.interrupted) break;
    report.cases.push_back(result_of(selected));
    if (!report.unreached) progress(report.cases.back());
  }
  for (auto i = report.cases.size(); i < plan.cases.size(); ++i) {
    report.cases.push_back({});
    report.cases.back().definition = plan.cases[i].definition;
  }
  report.full = !report.interrupted && plan.cases.size() == all_cases().size();
  return report;
}

}  // namespace api_test
