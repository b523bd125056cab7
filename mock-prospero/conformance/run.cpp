#include "conformance/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/exchange_text.hpp"
#include "conformance/judge.hpp"
#include "conformance/printable.hpp"
#include "conformance/reachability.hpp"
#include "conformance/registry.hpp"
#include "conformance/verdict.hpp"

namespace mock::conformance {
namespace {

using delivery::Outcome;

constexpr delivery::Duration last_look_after = std::chrono::milliseconds(500);

std::int64_t milliseconds(delivery::Duration took) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

CaseResult blank_result(const SelectedCase& selected) {
  CaseResult result;
  result.definition = selected.definition;
  result.strength = selected.strength;
  return result;
}

delivery::Duration pause_of(const Plan& plan) {
  if (!plan.rate) {
    return {};
  }
  return std::chrono::duration_cast<delivery::Duration>(std::chrono::duration<double>(1 / *plan.rate));
}

// A late answer while the tester itself was late proves nothing; whatever held in spite of it did hold.
void judge(CaseResult& result, const Finding& finding, delivery::Duration lag, bool strict) {
  result.actual = printable(finding.actual);
  switch (finding.kind) {
    case Finding::Kind::held:
      result.status = Status::passed;
      return;
    case Finding::Kind::unjudged:
      result.status = Status::error;
      result.reason = printable(finding.cause);
      return;
    case Finding::Kind::not_applicable:
      result.status = Status::skipped;
      result.actual.reset();
      result.reason = printable(finding.cause);
      return;
    case Finding::Kind::broken:
      break;
  }
  if (finding.from_time && lag > lag_limit) {
    result.status = Status::error;
    result.reason = fmt::format("The tester itself lagged {} ms (limit {} ms): run it on a quieter machine.",
                                milliseconds(lag), milliseconds(lag_limit));
    return;
  }
  result.status = can_fail_a_run(result.strength, strict) ? Status::failed : Status::advice;
  result.reason = printable(finding.cause);
  result.fix = printable(finding.fix);
}

// The worse one tells more about a case that gives now this, now that.
int badness(Status status) {
  switch (status) {
    case Status::skipped:
      return 0;
    case Status::passed:
      return 1;
    case Status::advice:
      return 2;
    case Status::error:
      return 3;
    case Status::failed:
      return 4;
  }
  return 4;
}

CaseResult merged(std::vector<CaseResult> tries) {
  auto worst = *std::ranges::max_element(tries, {}, [](const CaseResult& each) { return badness(each.status); });
  if (tries.size() > 1) std::ranges::transform(tries, std::back_inserter(worst.repetitions), &CaseResult::status);
  worst.latencies.clear();
  worst.ms = 0;
  for (const auto& each : tries) {
    worst.latencies.insert(worst.latencies.end(), each.latencies.begin(), each.latencies.end());
    worst.ms += each.ms;
  }
  return worst;
}

/// Notices whether any push of a run was refused by the URL policy: the case about it (D6) looks a few times only.
class RefusalWatch final : public delivery::Transport {
 public:
  explicit RefusalWatch(delivery::Transport& transport) : transport_(transport) {}

  void post(delivery::Push push, Done done) override {
    transport_.post(std::move(push), [first = first_, then = std::move(done)](delivery::AttemptResult result) {
      if (result.outcome == Outcome::refused_address && first->empty()) *first = describe(result);
      then(std::move(result));
    });
  }
  const std::string& first() const { return *first_; }

 private:
  delivery::Transport& transport_;
  std::shared_ptr<std::string> first_ = std::make_shared<std::string>();  // an answer may come after the run
};

void note_refusal(Report& report, const RefusalWatch& watch, bool strict) {
  if (watch.first().empty()) return;
  const auto result =
      std::ranges::find(report.cases, public_url_case, [](const CaseResult& each) { return each.definition->id; });
  if (result != report.cases.end() && result->status == Status::passed)
    judge(*result, leads_elsewhere("later in the run: " + watch.first()), {}, strict);
}

class Runner {
 public:
  Runner(const Plan& plan, const Access& access) : plan_(plan), access_(access) {}

  CaseResult run(const SelectedCase& selected, const std::vector<CaseResult>& earlier) {
    auto result = judged(selected, earlier);
    if (const auto known = plan_.baseline.find(result.definition->id); known != plan_.baseline.end()) {
      result.expected_to_fail = known->second;
    }
    return result;
  }

  /// What the last case did to the consumer may show a little later.
  void look_a_last_time() {
    if (gone_ || left_down_ || last_found_by_.empty()) return;
    Probe(plan_.target, access_, Bodies(plan_.seed, "end", plan_.material)).wait(last_look_after);
    look_at_command();
    if (!gone_) look_for_consumer();
  }

  /// Set once a case has found nobody, and nobody came back; from then on none runs.
  const std::optional<Gone>& gone() const { return gone_; }

 private:
  struct Try {
    CaseResult result;
    bool found_somebody = false, lost = false;  ///< at some time; in its last exchange
    bool left_it_down = false;                  ///< it killed the consumer, which did not come back
  };

  CaseResult judged(const SelectedCase& selected, const std::vector<CaseResult>& earlier) {
    const auto& subject = *selected.definition;
    auto result = blank_result(selected);
    const auto missing = selected.left_out ? std::string() : missing_for(subject);
    result.level_missing = !missing.empty();
    result.reason = selected.left_out ? "left out by --skip" : result.level_missing ? missing : why_not(subject);
    if (!result.reason.empty()) return result;
    if (gone_) return untried(std::move(result));
    if (const auto* const obstacle = obstacle_to(subject, earlier)) {
      result.rests_on_expected_failure =
          is_expected_failure(*obstacle) && can_fail_a_run(result.strength, plan_.strict);
      result.reason = fmt::format("rests on {}", subject.rests_on);
      return result;
    }
    auto tries = execute_all(selected);
    return tries.empty() ? untried(std::move(result)) : merged(std::move(tries));
  }

  CaseResult untried(CaseResult result) const {
    result.not_reached = true;
    result.reason = gone_text(*gone_);
    return result;
  }

  // Without a try that found nobody at all: of that an earlier one is the cause.
  std::vector<CaseResult> execute_all(const SelectedCase& selected) {
    std::vector<CaseResult> tries;
    for (std::size_t i = 0; i < plan_.repeat && !gone_; ++i) {
      auto tried = execute(blank_result(selected), i);
      if (tried.found_somebody) last_found_by_ = selected.definition->id;
      left_down_ = tried.left_it_down;
      tried.lost ? look_for_consumer() : look_at_command();
      if (tried.found_somebody || !gone_) tries.push_back(std::move(tried.result));
    }
    return tries;
  }

  void look_for_consumer() { note_gone(stays_away(plan_, access_)); }

  // An end that nobody caused is told even if something still answers, or answers again.
  void look_at_command() {
    if (ran_at_first_ && !left_down_) note_gone(ended_by_itself(access_));
  }

  void note_gone(std::optional<Gone> found) {
    gone_ = std::move(found);
    if (gone_) gone_->after = last_found_by_;
  }

  // Empty if nothing in the plan keeps the case from running.
  std::string why_not(const Case& subject) const {
    if (subject.needs.tls && !plan_.target.over_tls) {
      return "the URL is plain http";
    }
    if (subject.needs.disruptive && !plan_.disruptive) {
      return "may disturb a real system: give --disruptive";
    }
    if ((subject.stage == Stage::load || subject.stage == Stage::crash) && plan_.rate) {
      return "--rate allows no load";
    }
    return {};
  }

  // Empty if the level of the case is available.
  std::string missing_for(const Case& subject) const {
    if (subject.needs.level == Level::crash && access_.process == nullptr) {
      return fmt::format("level {}: give --exec", to_text(subject.needs.level));
    }
    if (subject.needs.witness && access_.witness == nullptr) {
      return fmt::format("level {}: give --witness or --witness-cmd", to_text(subject.needs.level));
    }
    return {};
  }

  // The case that ran, did not hold, and without which this one proves nothing; null if there is none. A case that was
  // not selected, or left out by --skip, blocks nothing: what rests on it then speaks for itself.
  static const CaseResult* obstacle_to(const Case& subject, const std::vector<CaseResult>& earlier) {
    const auto base = std::ranges::find_if(
        earlier, [&](const CaseResult& result) { return result.definition->id == subject.rests_on; });
    if (base == earlier.end() || base->status == Status::passed) return nullptr;
    return base->status == Status::skipped ? obstacle_to(*base->definition, earlier) : &*base;
  }

  // A repetition has bodies of its own: a consumer may take the same ones for copies.
  Try execute(CaseResult result, std::size_t repetition) const {
    const auto& subject = *result.definition;
    const auto name = repetition == 0 ? subject.id : fmt::format("{}#{}", subject.id, repetition);
    Probe probe(plan_.target, access_, Bodies(plan_.seed, name, plan_.material), pause_of(plan_));
    access_.loop.take_lag();
    const auto begin = access_.loop.now();
    auto finding = subject.run(subject, probe);
    if (finding.no_name) blame_name(finding);
    result.ms = milliseconds(access_.loop.now() - begin);
    judge(result, finding, std::max(access_.loop.take_lag(), probe.send_lag()), plan_.strict);
    result.latencies = probe.latencies();
    const bool held = result.status == Status::passed || result.status == Status::skipped;
    if (!held) tell_exchange(result, finding, probe);
    const bool killed_on_purpose = subject.needs.level == Level::crash;
    return {std::move(result), probe.found_somebody(), !held && !killed_on_purpose && probe.lost(),
            !held && killed_on_purpose};
  }

  void tell_exchange(CaseResult& result, const Finding& finding, const Probe& probe) const {
    const bool own = !finding.request.empty();
    const auto& url = access_.process != nullptr ? access_.process->url() : plan_.target.url;
    result.request = own ? finding.request : probe.last().request;
    result.answer = answer_text(own ? finding.received : probe.last().received, url, plan_.material.entities.empty());
  }

  const Plan& plan_;
  const Access& access_;
  // False where the command starts a consumer and ends, or something else holds its port: level crash says so.
  const bool ran_at_first_ = access_.process != nullptr && access_.process->running();
  std::optional<Gone> gone_;
  std::string last_found_by_;
  bool left_down_ = false;
};

// Measured against all cases that there are, so that a narrowed run cannot pass for a full one.
bool every_must_case_judged(const std::vector<CaseResult>& results) {
  return std::ranges::all_of(all_cases(), [&](const Case& subject) {
    const auto result = std::ranges::find(results, &subject, &CaseResult::definition);
    const bool judged = result != results.end() && result->status != Status::skipped && result->status != Status::error;
    return subject.strength != Strength::must || (judged && result->strength == Strength::must);
  });
}

Report begun_report(const Plan& plan) {
  Report report;
  report.target = plan.target.shown;
  report.seed = plan.seed;
  report.strict = plan.strict;
  return report;
}

std::vector<CaseResult> none_judged(const Plan& plan) {
  std::vector<CaseResult> results;
  for (const auto& selected : plan.cases) {
    auto result = blank_result(selected);
    result.status = selected.left_out ? Status::skipped : Status::error;
    result.reason = selected.left_out ? "left out by --skip" : "not run: the endpoint could not be reached";
    results.push_back(std::move(result));
  }
  return results;
}

// The cases that an interrupted run did not come to.
void add_unreached_cases(const Plan& plan, Report& report) {
  for (auto i = report.cases.size(); i < plan.cases.size(); ++i) {
    auto result = blank_result(plan.cases[i]);
    result.not_reached = !plan.cases[i].left_out;
    result.reason = result.not_reached ? "the run was interrupted before it ended" : "left out by --skip";
    report.cases.push_back(std::move(result));
  }
}

}  // namespace

std::size_t cases_to_run(const Plan& plan) {
  return static_cast<std::size_t>(std::ranges::count(plan.cases, false, &SelectedCase::left_out));
}

Report interrupted_report(const Plan& plan) {
  auto report = begun_report(plan);
  report.interrupted = true;
  add_unreached_cases(plan, report);
  return report;
}

Report unreached_report(const Plan& plan, Unreached why) {
  auto report = begun_report(plan);
  report.unreached = std::move(why);
  report.cases = none_judged(plan);
  return report;
}

Report run(const Plan& plan, const Access& access, const Progress& progress) {
  auto report = begun_report(plan);
  try {
    if (auto why = cases_to_run(plan) > 0 ? reach(plan, access) : std::nullopt)
      return unreached_report(plan, *std::move(why));
    RefusalWatch watch(access.transport);
    const Access watched{watch, access.loop, access.wire, access.witness, access.process};
    Runner runner(plan, watched);
    for (const auto& selected : plan.cases) {
      report.cases.push_back(runner.run(selected, report.cases));
      report.gone = runner.gone();
      progress(report.cases.back());
    }
    runner.look_a_last_time();
    report.gone = runner.gone();
    note_refusal(report, watch, plan.strict);
    report.full = !plan.lifted && every_must_case_judged(report.cases);
  } catch (const Interrupted&) {
    report.interrupted = true;
    add_unreached_cases(plan, report);
  }
  return report;
}

}  // namespace mock::conformance
