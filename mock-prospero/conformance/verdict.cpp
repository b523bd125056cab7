#include "conformance/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mock::conformance {
namespace {

// The cases that can fail the run.
std::string_view weighty(const Report& report) {
  return report.strict ? "MUST or SHOULD" : "MUST";
}

std::string failed_text(const Report& report) {
  const auto only_untried = [](const CaseResult& result) {
    return !fails_the_run(result) || is_unexpected_skip(result);
  };
  const auto gone = report.gone ? fmt::format(": {}: {}", gone_text(*report.gone), report.gone->detail) : "";
  if (!std::ranges::all_of(report.cases, only_untried)) return "does not conform" + gone;
  if (report.gone) return "not shown to conform" + gone;
  return fmt::format("not shown to conform: {} {} cases rest on an expected failure and could not be tried",
                     std::ranges::count_if(report.cases, is_unexpected_skip), weighty(report));
}

std::string held_text(const Report& report) {
  const auto summary = summarize(report);
  if (summary.failed > 0) return "no failure but the expected ones";
  if (summary.advice > 0) return "every MUST that was tested holds, but see the advice";
  return report.full ? "conforms: every requirement holds" : "every requirement that was tested holds";
}

std::string usage_text(const Report& report) {
  const auto ran = [](const CaseResult& result) { return result.status != Status::skipped; };
  if (std::ranges::none_of(report.cases, ran)) return "nothing was tested";
  return report.strict ? "no MUST or SHOULD case was run: no verdict"
                       : "no MUST case was run: no verdict (--strict judges SHOULD cases alone)";
}

std::string not_judged_text(const Report& report) {
  if (summarize(report).error > 0) return "not judged: nothing failed, but the tester could not see enough";
  return std::ranges::any_of(report.cases, &CaseResult::rests_on_expected_failure)
             ? fmt::format("not judged: {} cases rest on expected failures and could not be tried", weighty(report))
             : fmt::format("not judged: every {} case that ran is an expected failure", weighty(report));
}

std::string unreached_text(const Unreached& why) {
  if (why.no_url) return fmt::format("nothing was tested: {}", why.detail);
  return fmt::format("{}: {}",
                     why.refused_by_policy ? "nothing was tested, for the address of this URL is refused (D6)"
                                           : "nothing was tested, for the endpoint could not be reached",
                     why.detail);
}

// "WHAT: D1-..., D2-..." of the cases for which `chosen` holds; empty if there is none.
std::string named(std::string_view what, const Report& report, bool (*chosen)(const CaseResult&)) {
  std::string ids;
  for (const auto& result : report.cases) {
    if (chosen(result)) ids += (ids.empty() ? "" : ", ") + result.definition->id;
  }
  return ids.empty() ? "" : fmt::format("{}: {}", what, ids);
}

std::string missing_text(const Report& report) {
  if (!report.interrupted && !report.gone) return {};
  const auto missing = std::ranges::count_if(report.cases, &CaseResult::not_reached);
  return missing > 0 ? fmt::format("incomplete: {} of {} cases were not run", missing, report.cases.size()) : "";
}

}  // namespace

std::string verdict(const Report& report) {
  if (report.under_way) return "under way: judged as far as it has come";
  if (report.interrupted) return "interrupted: judged as far as it came";
  if (report.unreached) return unreached_text(*report.unreached);
  switch (exit_code(report)) {
    case ExitCode::held:
      return held_text(report);
    case ExitCode::failed:
      return failed_text(report);
    case ExitCode::usage:
      return usage_text(report);
    case ExitCode::not_judged:
      return not_judged_text(report);
    case ExitCode::unreachable:
    case ExitCode::interrupted:
      break;  // told above
  }
  return "";
}

std::string gone_text(const Gone& gone) {
  return fmt::format("{} after {}", gone.no_name ? "the name of the host led nowhere" : "the consumer was gone",
                     gone.after.empty() ? "the first push" : gone.after);
}

bool is_incomplete(const Report& report) {
  return report.under_way || report.interrupted || report.unreached || report.gone;
}

std::string verdict_beside_cases(const Report& report) {
  const auto told = [](const CaseResult& result) { return fails_the_run(result) || result.status == Status::error; };
  const bool nothing_shown = exit_code(report) != ExitCode::held && std::ranges::none_of(report.cases, told);
  return is_incomplete(report) || nothing_shown ? verdict(report) : "";
}

std::string limits_text(const Report& report, const ReportContext& context) {
  if (!context.limited_by.empty()) {
    return fmt::format("not a full verdict: {}", fmt::join(context.limited_by, ", "));
  }
  return report.full ? "" : "not a full verdict: some MUST cases were skipped or not judged";
}

std::vector<std::string> remarks(const Report& report, const ReportContext& context) {
  std::vector<std::string> lines{missing_text(report), limits_text(report, context), named("flaky", report, is_flaky),
                                 named("listed in the baseline, but not run", report, is_untried_expectation)};
  std::erase(lines, "");
  return lines;
}

std::string repetitions_text(const CaseResult& result) {
  std::string out;
  for (const auto status : {Status::failed, Status::error, Status::advice, Status::passed, Status::skipped}) {
    const auto count = std::ranges::count(result.repetitions, status);
    if (count == 0) continue;
    out += out.empty() ? fmt::format("{} in {} of {} repetitions", to_text(status), count, result.repetitions.size())
                       : fmt::format(", {} in {}", to_text(status), count);
  }
  return out;
}

}  // namespace mock::conformance
