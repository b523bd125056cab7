#include "conformance/explanation.hpp"

#include <fmt/format.h>

#include <string_view>

#include "conformance/verdict.hpp"

namespace mock::conformance {

bool needs_explanation(const CaseResult& result) {
  switch (result.status) {
    case Status::passed:
      return is_unexpected_pass(result) || is_flaky(result);
    case Status::skipped:
      return is_untried_expectation(result) || is_unexpected_skip(result) || is_flaky(result);
    case Status::failed:
    case Status::advice:
    case Status::error:
      return true;
  }
  return true;
}

namespace {

std::string baseline_text(const CaseResult& result) {
  if (is_unexpected_skip(result)) {
    return "rests on an expected failure: a MUST that was not tried and is not listed itself fails the run";
  }
  if (!result.expected_to_fail) return {};
  if (is_unexpected_pass(result)) return "listed as failing, but it passes: take it out of the file";
  if (is_untried_expectation(result)) return "listed as failing, but it did not run: " + *result.expected_to_fail;
  return "expected to fail: " + *result.expected_to_fail;
}

// A SHOULD alone is judged only strictly.
std::string repeat_line(const CaseResult& result, const ReportContext& context) {
  const bool add_strict =
      result.strength == Strength::should && context.repeat_flags.find("--strict") == std::string::npos;
  return fmt::format("mock-prospero conform \"$TARGET_URL\" --only {}{}{}", result.definition->id, context.repeat_flags,
                     add_strict ? " --strict" : "");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> explanation(const CaseResult& result, const ReportContext& context) {
  std::vector<std::pair<std::string, std::string>> lines;
  const auto add = [&](std::string_view name, std::string text) {
    if (!text.empty()) lines.emplace_back(name, std::move(text));
  };
  const auto& subject = *result.definition;
  if (result.status == Status::skipped) {
    add("not run", result.reason);
    add("baseline", baseline_text(result));
    return lines;
  }
  add("requirement", fmt::format("{} ({} {})", subject.requirement, to_text(result.strength), subject.clause));
  for (const auto& outcome : subject.expected) add("accepted", outcome);
  add("actual", result.actual.value_or(""));
  if (is_self_reported(result)) add("evidence", std::string(self_reported));
  add("request", result.request);
  add("answer", result.answer);
  add(result.status == Status::error ? "not judged" : "likely cause", result.reason);
  add("fix", result.fix);
  add("flaky", is_flaky(result) ? repetitions_text(result) : "");
  add("baseline", baseline_text(result));
  add("repeat", repeat_line(result, context));
  return lines;
}

std::string explanation_text(const CaseResult& result, const ReportContext& context) {
  std::string out;
  for (const auto& [name, text] : explanation(result, context)) out += fmt::format("{}: {}\n", name, text);
  return out;
}

}  // namespace mock::conformance
