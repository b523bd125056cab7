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
  }
  return summary;
}

bool is_self_reported(const CaseResult& result) {
  const bool judged = result.status != Status::skipped && result.status != Status::error;
  return result.definition->needs.witness && judged;
}

bool is_expected_failure(const CaseResult& result) {
  return result.expected_to_fail && (result.status == Status::failed || result.status == Status::advice);
}

bool is_unexpected_pass(const CaseResult& result) {
  return result.expected_to_fail && result.status == Status::passed;
}

ExitCode exit_code(const Report& report) {
  if (report.interrupted) {
    return ExitCode::interrupted;
  }
  if (report.unreached) {
    return report.unreached->refused_by_policy ? ExitCode::usage : ExitCode::unreachable;
  }
  const auto fails = [](const CaseResult& result) {
    return is_unexpected_pass(result) || (result.status == Status::failed && !is_expected_failure(result));
  };
  if (std::ranges::any_of(report.cases, fails)) {
    return ExitCode::failed;
  }
  const auto summary = summarize(report);
  if (summary.error > 0) {
    return ExitCode::not_judged;
  }
  return summary.passed + summary.failed + summary.advice > 0 ? ExitCode::held : ExitCode::usage;
}

}  // namespace mock::conformance
