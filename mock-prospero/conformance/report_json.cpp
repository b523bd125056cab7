#include "conformance/report_json.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "conformance/verdict.hpp"

namespace mock::conformance {
namespace {

namespace json = boost::json;

constexpr int schema = 1;

json::array to_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const auto& text : texts) {
    out.emplace_back(text);
  }
  return out;
}

json::array to_json(const std::vector<Status>& statuses) {
  json::array out;
  for (const auto status : statuses) out.emplace_back(to_text(status));
  return out;
}

std::string reason_and_fix(const CaseResult& result) {
  return result.fix.empty() ? result.reason : result.reason + " " + result.fix;
}

json::object to_json(const CaseResult& result) {
  json::object out;
  out["id"] = result.definition->id;
  out["clause"] = result.definition->clause;
  out["strength"] = to_text(result.strength);
  out["level"] = to_text(result.definition->needs.level);
  out["status"] = to_text(result.status);
  out["requirement"] = result.definition->requirement;
  out["expected"] = to_json(result.definition->expected);
  out["actual"] = result.actual ? json::value(*result.actual) : json::value(nullptr);
  out["reason"] = reason_and_fix(result);
  out["ms"] = result.ms;
  if (!result.request.empty()) out["request"] = result.request;
  if (!result.answer.empty()) out["answer"] = result.answer;
  if (!result.repetitions.empty()) out["repetitions"] = to_json(result.repetitions);
  if (is_flaky(result)) out["flaky"] = true;
  if (is_self_reported(result)) out["evidence"] = self_reported;
  if (result.expected_to_fail) out["baseline"] = *result.expected_to_fail;
  return out;
}

json::object to_json(const Summary& summary) {
  json::object out;
  out["passed"] = summary.passed;
  out["failed"] = summary.failed;
  out["skipped"] = summary.skipped;
  out["advice"] = summary.advice;
  out["error"] = summary.error;
  out["skippedForLevel"] = summary.level_missing;
  out["flaky"] = summary.flaky;
  return out;
}

json::object to_json(const SelectedCase& selected) {
  const auto& subject = *selected.definition;
  json::object out;
  out["id"] = subject.id;
  out["clause"] = subject.clause;
  out["strength"] = to_text(selected.strength);
  out["level"] = to_text(subject.needs.level);
  out["title"] = subject.title;
  out["requirement"] = subject.requirement;
  out["expected"] = to_json(subject.expected);
  out["restsOn"] = subject.rests_on.empty() ? json::value(nullptr) : json::value(subject.rests_on);
  return out;
}

template <class Items>
std::string one_a_line(const Items& items) {
  std::string out;
  for (const auto& item : items) {
    out += fmt::format("{}\n    {}", out.empty() ? "" : ",", json::serialize(to_json(item)));
  }
  return out.empty() ? "[]" : fmt::format("[{}\n  ]", out);
}

}  // namespace

std::string json_report(const Report& report) {
  return fmt::format(
      "{{\n  \"schema\": {},\n  \"summary\": {},\n  \"complete\": {},\n  \"full\": {},\n  \"verdict\": {},\n  "
      "\"target\": {},\n  \"seed\": {},\n  \"cases\": {}\n}}\n",
      schema, json::serialize(to_json(summarize(report))), !is_incomplete(report), report.full,
      json::serialize(json::string(verdict(report))), json::serialize(json::string(report.target)), report.seed,
      one_a_line(report.cases));
}

std::string json_list(const std::vector<SelectedCase>& cases) {
  return fmt::format("{{\n  \"schema\": {},\n  \"cases\": {}\n}}\n", schema, one_a_line(cases));
}

}  // namespace mock::conformance
