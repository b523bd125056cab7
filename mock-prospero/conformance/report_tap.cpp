#include "conformance/report_tap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <string_view>

#include "conformance/printable.hpp"
#include "conformance/verdict.hpp"

namespace mock::conformance {
namespace {

std::string description(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

bool is_ok(const CaseResult& result) {
  switch (result.status) {
    case Status::passed:
    case Status::skipped:
      return !fails_the_run(result);
    case Status::advice:
      return true;
    case Status::failed:
    case Status::error:
      return false;
  }
  return false;
}

std::string directive(const CaseResult& result) {
  if (fails_the_run(result)) return "";
  if (result.status == Status::skipped) return " # SKIP " + description(result.reason);
  if (is_expected_failure(result)) return " # TO" + ("DO " + description(*result.expected_to_fail));
  return "";
}

// Words, as the key of a YAML map that every reader takes.
std::string key(std::string name) {
  std::ranges::replace(name, ' ', '_');
  return name;
}

// A JSON string is a YAML one.
std::string yaml(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

std::string diagnostic(const CaseResult& result, const ReportContext& context) {
  auto out = fmt::format("  ---\n  status: {}\n", to_text(result.status));
  bool accepted_begun = false;
  for (const auto& [name, text] : explanation(result, context)) {
    if (name != "accepted") {
      out += fmt::format("  {}: {}\n", key(name), yaml(text));
      continue;
    }
    out += accepted_begun ? "" : "  accepted:\n";
    out += fmt::format("    - {}\n", yaml(text));
    accepted_begun = true;
  }
  return out + "  ...\n";
}

}  // namespace

std::string tap_report(const Report& report, const ReportContext& context) {
  auto out = fmt::format("TAP version 13\n1..{}\n# conform {} seed {}\n", report.cases.size(), printable(report.target),
                         report.seed);
  const auto beside = verdict_beside_cases(report);
  const auto bail_out = beside.empty() ? std::string() : fmt::format("Bail out! {}\n", description(beside));
  if (report.unreached) return out + bail_out;
  std::size_t number = 0;
  for (const auto& result : report.cases) {
    if (result.not_reached) break;  // a reader that does not know "Bail out!" misses test points
    out +=
        fmt::format("{} {} - {} {}{}{}\n", is_ok(result) ? "ok" : "not ok", ++number,
                    description(result.definition->id), description(result.definition->title),
                    is_self_reported(result) ? fmt::format(" ({})", self_reported) : std::string(), directive(result));
    if (needs_explanation(result)) out += diagnostic(result, context);
  }
  out += fmt::format("# verdict: {}\n", printable(verdict(report)));
  for (const auto& line : remarks(report, context)) out += fmt::format("# {}\n", printable(line));
  return out + bail_out;
}

}  // namespace mock::conformance
