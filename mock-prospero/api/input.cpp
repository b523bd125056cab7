#include "api/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <set>
#include <utility>

namespace mock::api {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 64;

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

std::string media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && is_space(type.back())) type.remove_suffix(1);
  while (!type.empty() && is_space(type.front())) type.remove_prefix(1);
  std::string lower{type};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string text_of(const json::value& value, std::string_view name) {
  if (!value.is_string()) throw Error{422, fmt::format("'{}' must be a string", name)};
  return std::string{value.get_string()};
}

const json::value& required(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) throw Error{422, fmt::format("'{}' is missing", name)};
  return *value;
}

}  // namespace

void require_json_type(const Request& request) {
  if (request.body.empty() && request.content_type.empty()) return;
  if (media_type(request.content_type) != "application/json") {
    throw Error{415, "the body must be sent with Content-Type: application/json"};
  }
}

std::string read_spelled(const Request& request) {
  try {
    return world::spelled_json(request.body, depth_max);
  } catch (const world::MalformedJson& error) {
    throw Error{400, fmt::format("the body is no well-formed JSON: {}", error.what())};
  }
}

world::SpelledObject unambiguous_object(const std::string& spelled) {
  auto object = world::SpelledObject::of(spelled);
  if (!object) throw Error{422, "the body must be an object, or where many are taken an array of objects"};
  if (world::repeated_name(spelled)) throw Error{422, "a name stands twice in one object: which value counts?"};
  return *std::move(object);
}

void require_known(const world::SpelledObject& object, std::initializer_list<std::string_view> known) {
  std::set<std::string_view> seen;
  for (const auto& member : object.members()) {
    if (std::find(known.begin(), known.end(), member.name) == known.end()) {
      throw Error{422,
                  fmt::format("unknown member '{}'; known are: {}", member.name.substr(0, 40), fmt::join(known, ", "))};
    }
    if (!seen.insert(member.name).second) throw Error{422, fmt::format("'{}' stands twice", member.name)};
  }
}

json::object read_object(const Request& request, std::initializer_list<std::string_view> known) {
  const auto spelled = read_spelled(request);
  require_known(unambiguous_object(spelled), known);
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  auto value = json::parse(spelled, error, {}, options);
  if (error) throw Error{422, "a string in the body has half of a surrogate pair, or a number too many digits"};
  return std::move(value.get_object());
}

std::string required_text(const json::object& object, std::string_view name) {
  return text_of(required(object, name), name);
}

std::optional<std::string> optional_text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return text_of(*value, name);
}

std::vector<std::string> required_texts(const json::object& object, std::string_view name) {
  const auto& value = required(object, name);
  if (!value.is_array()) throw Error{422, fmt::format("'{}' must be an array of strings", name)};
  std::vector<std::string> texts;
  for (const auto& element : value.get_array()) texts.push_back(text_of(element, fmt::format("{}[]", name)));
  return texts;
}

std::optional<std::string> query_text(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::size_t query_number(const Request& request, const std::string& name, std::size_t otherwise, std::size_t least,
                         std::size_t most) {
  const auto text = query_text(request, name);
  if (!text) return otherwise;
  std::size_t number = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || stop != text->data() + text->size() || number < least || number > most) {
    throw Error{422, fmt::format("'{}' must be a whole number from {} to {}", name, least, most)};
  }
  return number;
}

}  // namespace mock::api
