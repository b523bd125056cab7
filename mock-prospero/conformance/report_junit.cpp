#include "conformance/report_junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "conformance/markup.hpp"
#include "conformance/verdict.hpp"

namespace mock::conformance {
namespace {

struct Counts {
  std::size_t failures = 0, errors = 0, skipped = 0;
  std::int64_t ms = 0;
};

bool is_skipped(const CaseResult& result) {
  return (result.status == Status::skipped && !fails_the_run(result)) || is_expected_failure(result);
}

std::string failure_message(const CaseResult& result) {
  if (is_unexpected_pass(result)) return "passes, but the baseline says that it fails";
  return is_unexpected_skip(result) ? result.reason + ", an expected failure: not tried" : result.actual.value_or("");
}

std::string skipped_message(const CaseResult& result) {
  if (is_expected_failure(result)) return "expected failure: " + *result.expected_to_fail;
  if (is_untried_expectation(result)) return "listed in the baseline, but not run: " + result.reason;
  return result.reason;
}

Counts count(const Report& report) {
  Counts counts;
  for (const auto& result : report.cases) {
    counts.failures += fails_the_run(result) ? 1u : 0u;
    counts.errors += result.status == Status::error ? 1u : 0u;
    counts.skipped += is_skipped(result) ? 1u : 0u;
    counts.ms += result.ms;
  }
  return counts;
}

std::string seconds(std::int64_t ms) {
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

std::string element(std::string_view name, std::string_view message, const std::string& text) {
  return fmt::format("      <{} message=\"{}\">{}</{}>\n", name, markup(message), markup(text), name);
}

std::string content_of(const CaseResult& result, const ReportContext& context) {
  const auto text = explanation_text(result, context);
  if (fails_the_run(result)) return element("failure", failure_message(result), text);
  if (is_skipped(result)) return fmt::format("      <skipped message=\"{}\"/>\n", markup(skipped_message(result)));
  switch (result.status) {
    case Status::error:
      return element("error", result.reason, text);
    case Status::advice:
      return fmt::format("      <system-out>{}</system-out>\n", markup(text));
    case Status::passed:
      if (is_flaky(result)) return fmt::format("      <system-out>{}</system-out>\n", markup(text));
      return is_self_reported(result) ? fmt::format("      <system-out>{}</system-out>\n", self_reported) : "";
    case Status::failed:
    case Status::skipped:
      return "";
  }
  return "";
}

// A result like the others, so that whoever counts results alone sees that the run has no verdict.
std::string verdict_case(const std::string& text) {
  return fmt::format(
      "    <testcase classname=\"conform\" name=\"verdict\" time=\"0.000\">\n      <error message=\"{}\"/>\n"
      "    </testcase>\n",
      markup(text));
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, markup(value));
}

}  // namespace

std::string junit_report(const Report& report, const ReportContext& context) {
  const auto counts = count(report);
  const auto beside = verdict_beside_cases(report);
  const std::size_t added = beside.empty() ? 0 : 1;
  const auto totals =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"", report.cases.size() + added,
                  counts.failures, counts.errors + added, counts.skipped, seconds(counts.ms));
  auto out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mock-prospero conform\" {}>\n"
      "  <testsuite name=\"{}\" {}>\n    <properties>\n",
      totals, markup(report.target), totals);
  out += property("schema", "1") + property("seed", std::to_string(report.seed)) +
         property("full", report.full ? "true" : "false") + property("verdict", verdict(report));
  for (const auto& line : remarks(report, context)) out += property("remark", line);
  out += "    </properties>\n";
  for (const auto& result : report.cases) {
    const auto content = content_of(result, context);
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"{}", result.definition->clause,
                       markup(result.definition->id), seconds(result.ms), content.empty() ? "/>\n" : ">\n");
    out += content.empty() ? "" : content + "    </testcase>\n";
  }
  if (!beside.empty()) out += verdict_case(beside);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace mock::conformance
