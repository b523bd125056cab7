#include "conformance/report_text.hpp"

#include <fmt/format.h>

#include <numeric>
#include <ostream>
#include <string_view>
#include <utility>

#include "conformance/verdict.hpp"

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

constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

TextReport::TextReport(std::ostream& out, TextOptions options) : out_(out), options_(std::move(options)) {}

std::string TextReport::painted(Status status) const {
  const auto look = look_of(status);
  const auto word = fmt::format("{:<5}", look.word);
  return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", look.color, word) : word;
}

void TextReport::begin(const Plan& plan, const Traffic& traffic) {
  out_ << fmt::format("conform {}: {}\n", plan.target.shown, traffic_text(plan, traffic));
  for (const auto& selected : plan.cases) {
    about_ms_.push_back(selected.definition->about_ms * static_cast<std::int64_t>(plan.repeat));
  }
  total_ = plan.cases.size();
  show_progress();
  out_ << std::flush;
}

// Rewritten in place, so only where someone looks at it.
void TextReport::show_progress() {
  if (!options_.color || done_ == total_) return;
  const auto rest =
      std::accumulate(about_ms_.begin() + static_cast<std::ptrdiff_t>(done_), about_ms_.end(), std::int64_t{0});
  out_ << fmt::format("  {} of {}, about {} s left", done_, total_, (rest + 999) / 1000);
}

void TextReport::add(const CaseResult& result) {
  if (options_.color) out_ << erase_line;
  auto note = result.status == Status::skipped ? result.reason : fmt::format("{} ms", result.ms);
  if (is_self_reported(result)) note += fmt::format(", {}", self_reported);
  if (is_flaky(result)) note += ", flaky";
  out_ << fmt::format("  {} {:<26} {}  ({})\n", painted(result.status), result.definition->id, result.definition->title,
                      note);
  if (needs_explanation(result)) {
    explain(result);
  }
  ++done_;
  show_progress();
  out_ << std::flush;
}

void TextReport::explain(const CaseResult& result) {
  for (const auto& [name, text] : explanation(result, options_.context)) {
    out_ << fmt::format("          {:<12} {}\n", name, text);
  }
}

void TextReport::end(const Report& report) {
  if (options_.color) out_ << erase_line;
  if (!report.unreached) {
    const auto summary = summarize(report);
    out_ << fmt::format("{} passed, {} failed, {} skipped, {} advice, {} not judged\n", summary.passed, summary.failed,
                        summary.skipped, summary.advice, summary.error);
    if (summary.level_missing > 0) {
      out_ << fmt::format("of the skipped, {} need a level that was not given\n", summary.level_missing);
    }
  }
  out_ << fmt::format("verdict: {}\n", verdict(report));
  if (!report.unreached) {
    for (const auto& line : remarks(report, options_.context)) out_ << line << "\n";
  }
  out_ << std::flush;
}

std::string text_list(const std::vector<SelectedCase>& cases) {
  std::string out;
  for (const auto& selected : cases) {
    out += fmt::format("{:<26} {:<7} {:<9} {}\n", selected.definition->id, to_text(selected.strength),
                       to_text(selected.definition->needs.level), selected.definition->title);
  }
  return out;
}

}  // namespace mock::conformance
