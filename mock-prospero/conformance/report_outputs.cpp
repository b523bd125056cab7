#include "conformance/report_outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "conformance/dry_run.hpp"
#include "conformance/printable.hpp"
#include "conformance/report_html.hpp"
#include "conformance/report_json.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"

namespace mock::conformance {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 5> formats{{{"text", Format::text},
                                                                      {"json", Format::json},
                                                                      {"junit", Format::junit},
                                                                      {"tap", Format::tap},
                                                                      {"html", Format::html}}};

Format parse_format(std::string_view name, std::string_view argument) {
  const auto* const found = std::ranges::find(formats, name, &std::pair<std::string_view, Format>::first);
  if (found == formats.end()) {
    throw std::invalid_argument(fmt::format(
        "--report {}: there is no such format; use text, json, junit, tap or html, with =FILE to write to a file",
        printable(argument)));
  }
  return found->second;
}

bool begins_with_request(std::string_view text) {
  return std::ranges::any_of(formats,
                             [&](const auto& format) { return text.starts_with(fmt::format("{}=", format.first)); });
}

// A comma belongs to the name of a file, unless what follows it looks like another request.
void check_is_one(std::string_view argument) {
  std::string one_flag_each = "--report ";
  bool several = false;
  for (std::size_t i = 0; i < argument.size(); ++i) {
    const bool ends = argument[i] == ',' && begins_with_request(argument.substr(i + 1));
    several = several || ends;
    ends ? one_flag_each += " --report " : one_flag_each += argument[i];
  }
  if (!several) return;
  throw std::invalid_argument(
      fmt::format("--report {}: a flag for each report, as in {}", printable(argument), printable(one_flag_each)));
}

ReportRequest parse_request(std::string_view argument) {
  check_is_one(argument);
  const auto equals = argument.find('=');
  ReportRequest request{parse_format(argument.substr(0, equals), argument), {}};
  if (equals != std::string_view::npos) {
    request.file = argument.substr(equals + 1);
    if (request.file.empty()) {
      throw std::invalid_argument(fmt::format("--report {}: the name of the file is missing", printable(argument)));
    }
  }
  return request;
}

// What is written at the end; text was written as the run went on.
std::string content_of(Format format, const Report& report, const ReportContext& context) {
  switch (format) {
    case Format::text:
      return "";
    case Format::json:
      return json_report(report);
    case Format::junit:
      return junit_report(report, context);
    case Format::tap:
      return tap_report(report, context);
    case Format::html:
      return html_report(report, context);
  }
  return "";
}

// The same for every spelling of a name, and for links to one file; it need not be there.
std::string place_of(const std::string& file) {
  if (file.empty()) return file;
  std::error_code error;
  const auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(file, error), error);
  return error ? file : place.string();
}

void check_places(const std::vector<ReportRequest>& requests) {
  std::set<std::string> places;
  for (const auto& request : requests) {
    if (places.insert(place_of(request.file)).second) continue;
    throw std::invalid_argument(
        request.file.empty()
            ? "--report: only one report can go to standard output; give the others a file, as in --report json=FILE"
            : fmt::format("--report: {} is named twice", printable(request.file)));
  }
}

}  // namespace

std::vector<ReportRequest> parse_report_requests(const std::vector<std::string>& arguments) {
  std::vector<ReportRequest> requests;
  std::ranges::transform(arguments, std::back_inserter(requests), parse_request);
  check_places(requests);
  if (std::ranges::none_of(requests, [](const auto& request) { return request.file.empty(); })) {
    requests.push_back({});
  }
  return requests;
}

void check_list_requests(const std::vector<ReportRequest>& requests) {
  for (const auto& request : requests) {
    if (request.format == Format::text || request.format == Format::json) continue;
    const auto* const found = std::ranges::find(formats, request.format, &std::pair<std::string_view, Format>::second);
    throw std::invalid_argument(
        fmt::format("--list: there is no list as {}, for nothing was run; use --report text or json", found->first));
  }
}

bool on_standard_output(const std::vector<ReportRequest>& requests, Format format) {
  return std::ranges::any_of(requests,
                             [&](const auto& request) { return request.file.empty() && request.format == format; });
}

struct ReportOutputs::Output {
  ReportRequest request;
  std::ofstream file;
  std::ostream* out = nullptr;
  std::optional<TextReport> text;
};

ReportOutputs::ReportOutputs(const std::vector<ReportRequest>& requests, std::ostream& standard_output,
                             const TextOptions& options)
    : context_(options.context) {
  for (const auto& request : requests) {
    auto output = std::make_unique<Output>();
    output->request = request;
    output->out = &standard_output;
    auto text_options = options;
    if (!request.file.empty()) {
      output->file.open(request.file, std::ios::binary | std::ios::trunc);
      if (!output->file) {
        throw std::invalid_argument(fmt::format("--report: {} cannot be written: {}", printable(request.file),
                                                std::generic_category().message(errno)));
      }
      output->out = &output->file;
      text_options.color = false;
    }
    if (request.format == Format::text) {
      output->text.emplace(*output->out, std::move(text_options));
    }
    outputs_.push_back(std::move(output));
  }
}

ReportOutputs::~ReportOutputs() = default;

void ReportOutputs::begin(const Plan& plan) {
  const auto traffic = dry_run(plan);
  for (const auto& output : outputs_) {
    if (output->text) output->text->begin(plan, traffic);
  }
}

void ReportOutputs::add(const CaseResult& result) {
  for (const auto& output : outputs_) {
    if (output->text) output->text->add(result);
  }
}

std::string ReportOutputs::end(const Report& report) {
  for (const auto& output : outputs_) {
    if (output->text) output->text->end(report);
    *output->out << content_of(output->request.format, report, context_) << std::flush;
  }
  return what_is_missing();
}

std::string ReportOutputs::list(const std::vector<SelectedCase>& cases) {
  for (const auto& output : outputs_) {
    *output->out << (output->request.format == Format::json ? json_list(cases) : text_list(cases)) << std::flush;
  }
  return what_is_missing();
}

std::string ReportOutputs::what_is_missing() const {
  for (const auto& output : outputs_) {
    if (*output->out) continue;
    const auto& file = output->request.file;
    return fmt::format("the report on {} could not be written completely: is the disk full?",
                       file.empty() ? "standard output" : printable(file));
  }
  return {};
}

}  // namespace mock::conformance
