#include "conformance/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

namespace mock::conformance {
namespace {

struct Look {
  std::string_view word;
  std::string_view color;
};

Look look_of(Status status) {
  switch (status) {
    case Status::passed:
      return {"ok", "32"};
    case Status::failed:
      return {"FAIL", "31"};
    case Status::skipped:
      return {"skip", "33"};
    case Status::advice:
      return {"note", "36"};
    case Status::error:
      return {"ERROR", "35"};
  }
  return {};
}

std::string_view verdict(const Report& report) {
  switch (exit_code(report)) {
    case ExitCode::held:
      if (summarize(report).advice > 0) return "every MUST that was tested holds, but see the advice above";
      return report.full ? "conforms: every requirement holds" : "every requirement that was tested holds";
    case ExitCode::failed:
      return "does not conform";
    case ExitCode::usage:
      return "nothing was tested";
    case ExitCode::unreachable:
      return "the endpoint could not be reached";
    case ExitCode::not_judged:
      return "not judged: nothing failed, but the tester could not see enough";
  }
  return "";
}

std::string_view verdict(const Unreached& unreached) {
  return unreached.refused_by_policy ? "nothing was tested, for the address of this URL is refused (D6)"
                                     : "nothing was tested, for the endpoint could not be reached";
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

TextReport::TextReport(std::ostream& out, TextOptions options) : out_(out), options_(std::move(options)) {}

std::string TextReport::painted(Status status) const {
  const auto look = look_of(status);
  const auto word = fmt::format("{:<5}", look.word);
  return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", look.color, word) : word;
}

void TextReport::begin(const Plan& plan, const Traffic& traffic) {
  out_ << fmt::format("conform {}: {} cases, at most {} pushes ({} bytes), seed {}\n", plan.target.shown,
                      cases_to_run(plan), traffic.requests, traffic.bytes, plan.seed)
       << std::flush;
}

void TextReport::add(const CaseResult& result) {
  const auto note = result.status == Status::skipped ? result.reason : fmt::format("{} ms", result.ms);
  out_ << fmt::format("  {} {:<24} {}  ({})\n", painted(result.status), result.definition->id, result.definition->title,
                      note);
  const bool passed = result.status == Status::passed || result.status == Status::skipped;
  if (!passed) {
    explain(result);
  }
  out_ << std::flush;
}

void TextReport::explain(const CaseResult& result) {
  const auto line = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) {
      out_ << fmt::format("          {:<12} {}\n", name, text);
    }
  };
  const auto& subject = *result.definition;
  line("requirement", fmt::format("{} ({} {})", subject.requirement, to_text(result.strength), subject.clause));
  for (const auto& outcome : subject.expected) {
    line("accepted", outcome);
  }
  line("actual", result.actual.value_or(""));
  line(result.status == Status::error ? "not judged" : "likely cause", result.reason);
  line("fix", result.fix);
  line("repeat", fmt::format("mock-prospero conform \"$TARGET_URL\" --only {}{}", subject.id, options_.repeat_flags));
}

void TextReport::end(const Report& report) {
  if (report.unreached) {
    out_ << fmt::format("verdict: {}: {}\n", verdict(*report.unreached), report.unreached->detail) << std::flush;
    return;
  }
  const auto summary = summarize(report);
  out_ << fmt::format("{} passed, {} failed, {} skipped, {} advice, {} not judged\n", summary.passed, summary.failed,
                      summary.skipped, summary.advice, summary.error);
  out_ << fmt::format("verdict: {}\n", verdict(report));
  if (!options_.limited_by.empty()) {
    out_ << fmt::format("not a full verdict: {}\n", joined(options_.limited_by));
  } else if (!report.full) {
    out_ << "not a full verdict: some MUST cases were skipped or not judged\n";
  }
  out_ << std::flush;
}

std::string text_list(const std::vector<SelectedCase>& cases) {
  std::string out;
  for (const auto& selected : cases) {
    out += fmt::format("{:<24} {:<7} {}\n", selected.definition->id, to_text(selected.strength),
                       selected.definition->title);
  }
  return out;
}

}  // namespace mock::conformance
