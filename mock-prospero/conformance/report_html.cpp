#include "conformance/report_html.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "conformance/latency_plot.hpp"
#include "conformance/markup.hpp"
#include "conformance/verdict.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t plotted_from = 10;

// Passed, failed, ... as the look names its colours.
std::string_view tone(Status status) {
  switch (status) {
    case Status::passed:
      return "good";
    case Status::failed:
      return "bad";
    case Status::skipped:
      return "quiet";
    case Status::advice:
      return "warn";
    case Status::error:
      return "odd";
  }
  return "";
}

std::string badge(Status status) {
  return fmt::format("<b class=\"status {}\">{}</b>", tone(status), to_text(status));
}

std::string details(const CaseResult& result, const ReportContext& context) {
  std::string out = "<dl class=\"facts\">";
  for (const auto& [name, text] : explanation(result, context)) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", markup(name), markup(text));
  }
  return out + "</dl>";
}

std::string row(const CaseResult& result, const ReportContext& context) {
  const auto& subject = *result.definition;
  auto out = fmt::format("<tr id=\"{0}\"><td>{1}</td><td><code>{0}</code></td><td>{2}</td><td>{3}</td><td>",
                         markup(subject.id), badge(result.status), to_text(result.strength), markup(subject.title));
  out += result.status == Status::skipped ? markup(result.reason) : fmt::format("{} ms", result.ms);
  out += fmt::format("{}{}</td></tr>\n", is_self_reported(result) ? fmt::format(", {}", self_reported) : "",
                     is_flaky(result) ? ", <b class=\"status warn\">flaky</b>" : "");
  if (needs_explanation(result)) {
    out += fmt::format("<tr class=\"details\"><td></td><td colspan=\"4\">{}</td></tr>\n", details(result, context));
  }
  return out;
}

std::string plot(std::string_view name, const std::vector<delivery::Duration>& latencies) {
  return fmt::format("<h3>{}</h3>\n<p>{} answers: {}</p>\n{}\n", markup(name), latencies.size(),
                     latency_text(latencies), latency_plot(latencies));
}

std::string plots(const Report& report) {
  std::vector<delivery::Duration> all;
  std::string single;
  for (const auto& result : report.cases) {
    all.insert(all.end(), result.latencies.begin(), result.latencies.end());
    if (result.latencies.size() >= plotted_from) single += plot(result.definition->id, result.latencies);
  }
  return all.empty() ? "" : "<h2>How long answers took</h2>\n" + plot("all cases", all) + single;
}

std::string heading(const Report& report, const ReportContext& context) {
  const auto summary = summarize(report);
  auto out = fmt::format("<h1>{}</h1>\n<p class=\"target\"><code>{}</code>, seed {}</p>\n", markup(verdict(report)),
                         markup(report.target), report.seed);
  for (const auto& line : remarks(report, context)) out += fmt::format("<p>{}</p>\n", markup(line));
  out += fmt::format("<p class=\"counts\">{} passed, {} failed, {} skipped, {} advice, {} not judged", summary.passed,
                     summary.failed, summary.skipped, summary.advice, summary.error);
  if (summary.level_missing > 0) {
    out += fmt::format("; of the skipped, {} need a level that was not given", summary.level_missing);
  }
  return out + "</p>\n";
}

}  // namespace

std::string html_report(const Report& report, const ReportContext& context) {
  auto out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>conform {}</title>\n<style>{}</style>\n</head>\n<body>\n",
      markup(report.target), html_report_style());
  out += heading(report, context);
  out +=
      "<div "
      "class=\"cases\">\n<table>\n<thead><tr><th>status</th><th>case</th><th>strength</th><th>title</th><th>time</th></"
      "tr></thead>\n"
      "<tbody>\n";
  for (const auto& result : report.cases) out += row(result, context);
  return out + "</tbody>\n</table>\n</div>\n" + plots(report) + "</body>\n</html>\n";
}

}  // namespace mock::conformance
