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
  return result.rests_on_expected_failure && result.strength == Strength::must && !result.expected_to_fail;
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
    const bool ran = result.status != Status::skipped && result.status != Status::error;
    return ran && (result.strength == Strength::must || (report.strict && result.strength == Strength::should));
  });
}

ExitCode exit_code(const Report& report) {
  if (report.interrupted) {
    return ExitCode::interrupted;
  }
  if (report.unreached) {
    return report.unreached->refused_by_policy ? ExitCode::usage : ExitCode::unreachable;
  }
  if (std::ranges::any_of(report.cases, fails_the_run)) {
    return ExitCode::failed;
  }
  const auto unjudged = [](const CaseResult& result) {
    const bool must = result.strength == Strength::must;
    return result.status == Status::error || (result.rests_on_expected_failure && must);
  };
  if (std::ranges::any_of(report.cases, unjudged)) {
    return ExitCode::not_judged;
  }
  return has_verdict(report) ? ExitCode::held : ExitCode::usage;
}

}  // namespace mock::conformance
