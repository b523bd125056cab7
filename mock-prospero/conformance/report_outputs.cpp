#include "conformance/report_outputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "conformance/printable.hpp"
#include "conformance/report_json.hpp"

namespace mock::conformance {
namespace {

ReportRequest parse_request(std::string_view argument) {
  const auto equals = argument.find('=');
  const auto format = argument.substr(0, equals);
  if (format != "text" && format != "json") {
    throw std::invalid_argument(fmt::format(
        "--report {}: there is no such format; use text or json, with =FILE to write to a file", printable(argument)));
  }
  ReportRequest request{format == "text" ? Format::text : Format::json, {}};
  if (equals != std::string_view::npos) {
    request.file = argument.substr(equals + 1);
    if (request.file.empty()) {
      throw std::invalid_argument(fmt::format("--report {}: the name of the file is missing", printable(argument)));
    }
  }
  return request;
}

void check_places(const std::vector<ReportRequest>& requests) {
  std::set<std::string> places;
  for (const auto& request : requests) {
    if (places.insert(request.file).second) continue;
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
                             const TextOptions& options) {
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

void ReportOutputs::end(const Report& report) {
  for (const auto& output : outputs_) {
    switch (output->request.format) {
      case Format::text:
        output->text->end(report);
        break;
      case Format::json:
        *output->out << json_report(report) << std::flush;
        break;
    }
  }
  check_written();
}

void ReportOutputs::list(const std::vector<SelectedCase>& cases) {
  for (const auto& output : outputs_) {
    *output->out << (output->text ? text_list(cases) : json_list(cases)) << std::flush;
  }
  check_written();
}

void ReportOutputs::check_written() const {
  for (const auto& output : outputs_) {
    if (*output->out) continue;
    const auto& file = output->request.file;
    throw std::runtime_error(fmt::format("the report on {} could not be written completely: is the disk full?",
                                         file.empty() ? "standard output" : printable(file)));
  }
}

}  // namespace mock::conformance
