// Where the reports of a run go: standard output and files, several at once.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "conformance/report.hpp"
#include "conformance/report_text.hpp"

namespace mock::conformance {

enum class Format : std::uint8_t { text, json, junit, tap, html };

/// One `--report FORMAT[=FILE]`.
struct ReportRequest {
  Format format = Format::text;
  std::string file;  ///< empty: standard output
};

/// Adds text on standard output when nothing else is asked to go there, so that a person always sees the verdict.
/// Throws std::invalid_argument, in one line, for an unknown format, for several requests in one, for two reports on
/// standard output, and for a file that is named twice.
std::vector<ReportRequest> parse_report_requests(const std::vector<std::string>& arguments);

/// Throws std::invalid_argument, in one line, for a format that a list of the cases does not have.
void check_list_requests(const std::vector<ReportRequest>& requests);

/// True if standard output gets this format.
bool on_standard_output(const std::vector<ReportRequest>& requests, Format format);

/// The reports of one run, written as it goes on.
class ReportOutputs {
 public:
  /// Opens every file, and empties it: a report of an earlier run must not pass for this one's. Throws
  /// std::invalid_argument naming the file that cannot be written. Color is for standard output only.
  ReportOutputs(const std::vector<ReportRequest>& requests, std::ostream& standard_output, const TextOptions& options);
  ~ReportOutputs();
  ReportOutputs(const ReportOutputs&) = delete;
  ReportOutputs& operator=(const ReportOutputs&) = delete;

  void begin(const Plan& plan);
  void add(const CaseResult& result);
  /// Empty, or one line that names what could not be written completely; the other reports are complete all the same.
  [[nodiscard]] std::string end(const Report& report);
  /// `--list`: the cases instead of results, as JSON where JSON is asked for, else as text. Returns what end() does.
  [[nodiscard]] std::string list(const std::vector<SelectedCase>& cases);

 private:
  struct Output;
  std::string what_is_missing() const;

  ReportContext context_;
  std::vector<std::unique_ptr<Output>> outputs_;
};

}  // namespace mock::conformance
