#include "api/router.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "api/input.hpp"

namespace mock::api {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const auto slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
    if (path.empty()) segments.emplace_back();
  }
  return segments;
}

bool is_capture(const std::string& segment) {
  return segment.starts_with('{');
}

std::optional<Captures> match(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  Captures captures;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_capture(pattern[i]) && !path[i].empty()) {
      captures.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return captures;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += text.empty() ? word : ", " + word;
  return text;
}

void require_known_query(const Request& request, const std::vector<std::string>& known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto names = known.empty() ? "has none" : "has " + join(known);
      throw Error{422, "unknown query parameter '" + name.substr(0, 40) + "': this call " + names};
    }
    if (request.query.count(name) > 1) throw Error{422, "the query parameter '" + name + "' stands twice"};
  }
}

Response method_not_allowed(std::vector<std::string> allowed) {
  if (std::find(allowed.begin(), allowed.end(), "GET") != allowed.end()) allowed.emplace_back("HEAD");
  std::sort(allowed.begin(), allowed.end());
  auto response = error_response(405, "this path has " + join(allowed) + " only");
  response.headers.emplace_back("Allow", join(allowed));
  return response;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Handler handler, std::vector<std::string> query) {
  routes_.push_back(
      Route{std::move(method), std::string{pattern}, split(pattern), std::move(handler), std::move(query)});
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& route : routes_) all.emplace_back(route.method, route.pattern);
  return all;
}

Response Router::answer(const Request& request) const {
  const auto& method = request.method == "HEAD" ? std::string{"GET"} : request.method;
  const auto path = split(request.path);
  std::vector<std::string> allowed;
  for (const auto& route : routes_) {
    const auto captures = match(route.segments, path);
    if (!captures) continue;
    if (route.method == method) {
      if (method != "GET") require_json_type(request);
      if (route.pattern.starts_with("/v1/")) require_known_query(request, route.query);
      return route.handler(request, *captures);
    }
    allowed.push_back(route.method);
  }
  if (allowed.empty()) throw Error{404, "no such path"};
  return method_not_allowed(std::move(allowed));
}

}  // namespace mock::api
