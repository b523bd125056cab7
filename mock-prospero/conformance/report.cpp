#include "conformance/report.hpp"

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
  }
  return summary;
}

ExitCode exit_code(const Report& report) {
  if (report.unreached) {
    return report.unreached->refused_by_policy ? ExitCode::usage : ExitCode::unreachable;
  }
  const auto summary = summarize(report);
  if (summary.failed > 0) {
    return ExitCode::failed;
  }
  if (summary.error > 0) {
    return ExitCode::not_judged;
  }
  return summary.passed + summary.advice > 0 ? ExitCode::held : ExitCode::usage;
}

}  // namespace mock::conformance
