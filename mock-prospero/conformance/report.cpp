#include "conformance/report.hpp"

#include <algorithm>

namespace mock::conformance {
namespace {

std::size_t& count_of(Summary& summary, Status status) {
  switch (status) {
    case Status::passed:
      return summary.passed;
    case Status::failed:
      return summary.failed;
    case Status::skipped:
      return summary.skipped;
    case Status::advice:
      return summary.advice;
    case Status::error:
      return summary.error;
  }
  return summary.error;
}

}  // namespace

std::string_view to_text(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::skipped:
      return "skipped";
    case Status::advice:
      return "advice";
    case Status::error:
      return "error";
  }
  return "";
}

Summary summarize(const Report& report) {
  Summary summary;
  for (const auto& result : report.cases) {
    ++count_of(summary, result.status);
    summary.level_missing += result.level_missing ? 1u : 0u;
    summary.flaky += is_flaky(result) ? 1u : 0u;
  }
  return summary;
}

bool can_fail_a_run(Strength strength, bool strict) {
  return strength == Strength::must || (strict && strength == Strength::should);
}

bool is_self_reported(const CaseResult& result) {
  const bool judged = result.status != Status::skipped && result.status != Status::error;
  return result.definition->needs.witness && judged;
}

bool is_flaky(const CaseResult& result) {
  const auto& each = result.repetitions;
  return std::ranges::any_of(each, [&](Status status) { return status != each.front(); });
}

bool is_expected_failure(const CaseResult& result) {
  return result.expected_to_fail && (result.status == Status::failed || result.status == Status::advice);
}

bool is_unexpected_pass(const CaseResult& result) {
  return result.expected_to_fail && result.status == Status::passed;
}

bool is_unexpected_skip(const CaseResult& result) {
  return result.rests_on_expected_failure && !result.expected_to_fail;
}

bool is_untried_expectation(const CaseResult& result) {
  return result.expected_to_fail && result.status == Status::skipped;
}

bool fails_the_run(const CaseResult& result) {
  return is_unexpected_pass(result) || is_unexpected_skip(result) ||
         (result.status == Status::failed && !is_expected_failure(result));
}

bool has_verdict(const Report& report) {
  return std::ranges::any_of(report.cases, [&report](const CaseResult& result) {
    return result.status == Status::passed && can_fail_a_run(result.strength, report.strict);
  });
}

ExitCode exit_code(const Report& report) {
  if (report.interrupted) {
    return ExitCode::interrupted;
  }
  if (report.unreached) {
    const bool usage = report.unreached->refused_by_policy || report.unreached->no_url;
    return usage ? ExitCode::usage : ExitCode::unreachable;
  }
  if (report.gone || std::ranges::any_of(report.cases, fails_the_run)) {
    return ExitCode::failed;
  }
  const auto unjudged = [](const CaseResult& result) {
    return result.status == Status::error || result.rests_on_expected_failure;
  };
  if (std::ranges::any_of(report.cases, unjudged)) {
    return ExitCode::not_judged;
  }
  if (has_verdict(report)) return ExitCode::held;
  // A failure that could have failed the run, but is expected: the cases were asked for, and the baseline leaves
  // nothing.
  const bool excused =
      std::ranges::any_of(report.cases, [](const CaseResult& result) { return result.status == Status::failed; });
  return excused ? ExitCode::not_judged : ExitCode::usage;
}

}  // namespace mock::conformance
