#include "conformance/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "conformance/judge.hpp"
#include "conformance/printable.hpp"
#include "conformance/registry.hpp"
#include "contract/values.hpp"

namespace mock::conformance {
namespace {

using delivery::Outcome;

std::int64_t milliseconds(delivery::Duration took) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

CaseResult blank_result(const SelectedCase& selected) {
  CaseResult result;
  result.definition = selected.definition;
  result.strength = selected.strength;
  return result;
}

std::optional<Unreached> reach(const Plan& plan, delivery::Transport& transport, Loop& loop) {
  Probe probe(plan.target, transport, loop, Bodies(plan.seed, "reach"));
  const auto answer = probe.send(probe.bodies().ordinary(probe.any_event()));
  if (answer.connected) {
    return std::nullopt;
  }
  return Unreached{answer.outcome == Outcome::refused_address, printable(describe(answer))};
}

Status status_of_broken(Strength strength, bool strict) {
  switch (strength) {
    case Strength::must:
      return Status::failed;
    case Strength::should:
      return strict ? Status::failed : Status::advice;
    case Strength::advice:
      return Status::advice;
  }
  return Status::failed;
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
    case Finding::Kind::broken:
      break;
  }
  if (finding.from_time && lag > lag_limit) {
    result.status = Status::error;
    result.reason = fmt::format("The tester itself lagged {} ms (limit {} ms): run it on a quieter machine.",
                                milliseconds(lag), milliseconds(lag_limit));
    return;
  }
  result.status = status_of_broken(result.strength, strict);
  result.reason = printable(finding.cause);
  result.fix = printable(finding.fix);
}

class Runner {
 public:
  Runner(const Plan& plan, delivery::Transport& transport, Loop& loop)
      : plan_(plan), transport_(transport), loop_(loop) {}

  CaseResult run(const SelectedCase& selected, const std::vector<CaseResult>& earlier) const {
    auto result = blank_result(selected);
    if (selected.left_out) {
      result.reason = "left out by --skip";
    } else if (blocked(*selected.definition, earlier)) {
      result.reason = fmt::format("rests on {}", selected.definition->rests_on);
    } else {
      execute(result);
    }
    return result;
  }

 private:
  // A case that was not selected, or left out by --skip, blocks nothing: what rests on it then speaks for itself.
  bool blocked(const Case& subject, const std::vector<CaseResult>& earlier) const {
    const auto base = std::ranges::find_if(
        earlier, [&](const CaseResult& result) { return result.definition->id == subject.rests_on; });
    if (base == earlier.end() || base->status == Status::passed) {
      return false;
    }
    return base->status != Status::skipped || blocked(*base->definition, earlier);
  }

  void execute(CaseResult& result) const {
    const auto& subject = *result.definition;
    Probe probe(plan_.target, transport_, loop_, Bodies(plan_.seed, subject.id));
    loop_.take_lag();
    const auto begin = loop_.now();
    const auto finding = subject.run(subject, probe);
    result.ms = milliseconds(loop_.now() - begin);
    judge(result, finding, loop_.take_lag(), plan_.strict);
  }

  const Plan& plan_;
  delivery::Transport& transport_;
  Loop& loop_;
};

// Measured against all cases that there are, so that a narrowed run cannot pass for a full one.
bool every_must_case_judged(const std::vector<CaseResult>& results) {
  return std::ranges::all_of(all_cases(), [&](const Case& subject) {
    const auto result = std::ranges::find(results, &subject, &CaseResult::definition);
    const bool judged = result != results.end() && result->status != Status::skipped && result->status != Status::error;
    return subject.strength != Strength::must || (judged && result->strength == Strength::must);
  });
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

// Answers every push with 200 at once and adds up what was sent.
class Counter : public delivery::Transport, public Loop {
 public:
  void post(delivery::Push push, Done done) override {
    ++traffic.requests;
    traffic.bytes += push.body->size();
    waiting_.push_back(std::move(done));
  }
  delivery::Duration now() const override { return {}; }
  delivery::Duration take_lag() override { return {}; }
  bool run_until(const std::function<bool()>& ready, delivery::Duration) override {
    Answer success;
    success.outcome = Outcome::ok;
    success.status = contract::success_status;
    success.connected = true;
    for (auto& done : std::exchange(waiting_, {})) {
      done(success);
    }
    return ready();
  }

  Traffic traffic;

 private:
  std::vector<Done> waiting_;
};

}  // namespace

std::size_t cases_to_run(const Plan& plan) {
  return static_cast<std::size_t>(std::ranges::count(plan.cases, false, &SelectedCase::left_out));
}

Report run(const Plan& plan, delivery::Transport& transport, Loop& loop, const Progress& progress) {
  Report report;
  report.target = plan.target.shown;
  report.seed = plan.seed;
  if (cases_to_run(plan) > 0) {
    report.unreached = reach(plan, transport, loop);
  }
  if (report.unreached) {
    report.cases = none_judged(plan);
    return report;
  }
  const Runner runner(plan, transport, loop);
  for (const auto& selected : plan.cases) {
    report.cases.push_back(runner.run(selected, report.cases));
    progress(report.cases.back());
  }
  report.full = !plan.lifted && every_must_case_judged(report.cases);
  return report;
}

Traffic dry_run(const Plan& plan) {
  Counter counter;
  run(plan, counter, counter, [](const CaseResult&) {});
  return counter.traffic;
}

}  // namespace mock::conformance
