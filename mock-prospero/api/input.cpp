#include "api/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <utility>

#include "world/writable.hpp"

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

// Null if it is missing, or null itself.
const json::value* given(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

}  // namespace

void require_json_type(const Request& request) {
  if (request.body.empty() && request.content_type.empty()) return;
  if (media_type(request.content_type) != "application/json") {
    throw Error{415, "the body must be sent with Content-Type: application/json"};
  }
}

json::value read_json(const Request& request) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  auto value = json::parse(request.body, error, {}, options);
  if (error) throw Error{400, fmt::format("the body is no well-formed JSON: {}", error.message())};
  if (!world::is_writable(value)) throw Error{422, "a number in the body is beyond a double, such as 1e999"};
  return value;
}

json::object read_object(const Request& request, std::initializer_list<std::string_view> known) {
  auto value = read_json(request);
  auto* object = value.if_object();
  if (object == nullptr) throw Error{422, "the body must be a JSON object"};
  for (const auto& member : *object) {
    const std::string_view key{member.key()};
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw Error{422, fmt::format("unknown member '{}'; known are: {}", key.substr(0, 40), fmt::join(known, ", "))};
    }
  }
  return std::move(*object);
}

std::string required_text(const json::object& object, std::string_view name) {
  return text_of(required(object, name), name);
}

std::optional<std::string> optional_text(const json::object& object, std::string_view name) {
  const auto* value = given(object, name);
  if (value == nullptr) return std::nullopt;
  return text_of(*value, name);
}

std::vector<std::string> required_texts(const json::object& object, std::string_view name) {
  const auto& value = required(object, name);
  if (!value.is_array()) throw Error{422, fmt::format("'{}' must be an array of strings", name)};
  std::vector<std::string> texts;
  for (const auto& element : value.get_array()) texts.push_back(text_of(element, fmt::format("{}[]", name)));
  return texts;
}

std::vector<std::string> optional_texts(const json::object& object, std::string_view name) {
  return given(object, name) == nullptr ? std::vector<std::string>{} : required_texts(object, name);
}

bool optional_flag(const json::object& object, std::string_view name) {
  const auto* value = given(object, name);
  if (value != nullptr && !value->is_bool()) throw Error{422, fmt::format("'{}' must be true or false", name)};
  return value != nullptr && value->get_bool();
}

std::optional<std::uint64_t> optional_number(const json::object& object, std::string_view name, std::uint64_t most) {
  const auto* value = given(object, name);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->is_number() ? value->to_number<std::uint64_t>(error) : most + 1;
  if (error || number > most) throw Error{422, fmt::format("'{}' must be a whole number from 0 to {}", name, most)};
  return number;
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
