#include "conformance/explanation.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mock::conformance {

bool needs_explanation(const CaseResult& result) {
  switch (result.status) {
    case Status::passed:
      return is_unexpected_pass(result);
    case Status::skipped:
      return false;
    case Status::failed:
    case Status::advice:
    case Status::error:
      return true;
  }
  return true;
}

std::vector<std::pair<std::string, std::string>> explanation(const CaseResult& result, const ReportContext& context) {
  std::vector<std::pair<std::string, std::string>> lines;
  const auto add = [&](std::string_view name, std::string text) {
    if (!text.empty()) lines.emplace_back(name, std::move(text));
  };
  const auto& subject = *result.definition;
  add("requirement", fmt::format("{} ({} {})", subject.requirement, to_text(result.strength), subject.clause));
  for (const auto& outcome : subject.expected) add("accepted", outcome);
  add("actual", result.actual.value_or(""));
  if (is_self_reported(result)) add("evidence", std::string(self_reported));
  add("request", result.request);
  add(result.status == Status::error ? "not judged" : "likely cause", result.reason);
  add("fix", result.fix);
  if (result.expected_to_fail) {
    add("baseline", is_unexpected_pass(result) ? "listed as failing, but it passes: take it out of the file"
                                               : "expected to fail: " + *result.expected_to_fail);
  }
  add("repeat", fmt::format("mock-prospero conform \"$TARGET_URL\" --only {}{}", subject.id, context.repeat_flags));
  return lines;
}

std::string explanation_text(const CaseResult& result, const ReportContext& context) {
  std::string out;
  for (const auto& [name, text] : explanation(result, context)) out += fmt::format("{}: {}\n", name, text);
  return out;
}

std::string verdict(const Report& report) {
  if (report.under_way) return "under way: judged as far as it has come";
  if (report.interrupted) return "interrupted: judged as far as it came";
  if (report.unreached) {
    return fmt::format("{}: {}",
                       report.unreached->refused_by_policy
                           ? "nothing was tested, for the address of this URL is refused (D6)"
                           : "nothing was tested, for the endpoint could not be reached",
                       report.unreached->detail);
  }
  switch (exit_code(report)) {
    case ExitCode::held:
      if (summarize(report).failed > 0) return "no failure but the expected ones";
      if (summarize(report).advice > 0) return "every MUST that was tested holds, but see the advice";
      return report.full ? "conforms: every requirement holds" : "every requirement that was tested holds";
    case ExitCode::failed:
      return "does not conform";
    case ExitCode::usage:
      return "nothing was tested";
    case ExitCode::not_judged:
      return "not judged: nothing failed, but the tester could not see enough";
    case ExitCode::unreachable:
    case ExitCode::interrupted:
      break;  // told above
  }
  return "";
}

std::string limits_text(const Report& report, const ReportContext& context) {
  if (!context.limited_by.empty()) {
    return fmt::format("not a full verdict: {}", fmt::join(context.limited_by, ", "));
  }
  return report.full ? "" : "not a full verdict: some MUST cases were skipped or not judged";
}

}  // namespace mock::conformance
