#include "described.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cctype>
#include <vector>

#include "api/openapi.hpp"
#include "json_schema.hpp"

namespace api_test {
namespace {

namespace json = boost::json;

std::vector<std::string> segments(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

bool fits(const std::string& pattern, const std::string& path) {
  const auto wanted = segments(pattern), given = segments(path);
  return std::equal(wanted.begin(), wanted.end(), given.begin(), given.end(), [](const auto& one, const auto& other) {
    return one == other || (one.starts_with('{') && !other.empty() && one != "{family}") ||
           (one == "{family}" && (other == "events" || other == "invoices" || other == "offers"));
  });
}

std::string in_case(std::string text, int (*convert)(int)) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [&](unsigned char c) { return static_cast<char>(convert(c)); });
  return text;
}

/// The most exact path of the description that fits: the one with the fewest captures.
const json::object* operation(const std::string& method, const std::string& path) {
  const json::object* best = nullptr;
  long captures = 100;
  for (const auto& [pattern, item] : description().at("paths").as_object()) {
    const std::string text(pattern);
    const auto* found = item.as_object().if_contains(in_case(method == "HEAD" ? "GET" : method, std::tolower));
    const auto has = std::count(text.begin(), text.end(), '{');
    if (found == nullptr || !fits(text, path) || has >= captures) continue;
    best = &found->as_object();
    captures = has;
  }
  return best;
}

bool is_page(const json::object& call) {
  const auto* ok = call.at("responses").as_object().if_contains("200");
  const auto* content = ok == nullptr ? nullptr : resolved(description(), *ok).as_object().if_contains("content");
  return content != nullptr && content->as_object().contains("text/html");
}

const json::value& error_schema() {
  static const json::value schema{{"$ref", "#/components/schemas/Error"}};
  return schema;
}

}  // namespace

const json::object& description() {
  static const json::value document = json::parse(mock::api::openapi_text);
  return document.as_object();
}

std::set<std::pair<std::string, std::string>> described_calls() {
  const std::set<std::string> methods{"get", "post", "patch", "delete", "put"};
  std::set<std::pair<std::string, std::string>> calls;
  for (const auto& [path, item] : description().at("paths").as_object()) {
    for (const auto& member : item.as_object()) {
      const std::string method(member.key()), text(path);
      if (!methods.contains(method)) continue;
      const auto at = text.find("{family}");
      if (at == std::string::npos) calls.emplace(in_case(method, std::toupper), text);
      for (const auto* family : {"events", "invoices", "offers"})
        if (at != std::string::npos)
          calls.emplace(in_case(method, std::toupper), std::string(text).replace(at, 8, family));
    }
  }
  return calls;
}

std::string answer_problem(const std::string& method, const std::string& target, int status, const std::string& body) {
  const auto under_prefix = target.starts_with("/prospero/") ? target.substr(9) : target;
  const auto* call = operation(method, under_prefix.substr(0, under_prefix.find('?')));
  if (method == "HEAD") return body.empty() ? "" : "an answer to HEAD has a body";
  if (status == 200 && call != nullptr && is_page(*call)) return "";
  boost::system::error_code error;
  const auto value = json::parse(body, error);
  if (error) return "is no JSON";
  if (status >= 400) return schema_problem(description(), error_schema(), value);
  if (call == nullptr) return "is not described";
  const auto* response = call->at("responses").as_object().if_contains(std::to_string(status));
  if (response == nullptr) return "has a status that is not described";
  const auto& content = resolved(description(), *response).at("content").at("application/json");
  return schema_problem(description(), content.at("schema"), value);
}

}  // namespace api_test
