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

// In lower case, without blanks around it.
std::string word_of(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

std::string media_type(std::string_view content_type) {
  return word_of(content_type.substr(0, content_type.find(';')));
}

// JSON has no charset parameter; many clients send one all the same.
bool has_other_charset(std::string_view content_type) {
  for (auto at = content_type.find(';'); at != std::string_view::npos; at = content_type.find(';', at + 1)) {
    const auto parameter = word_of(content_type.substr(at + 1, content_type.find(';', at + 1) - at - 1));
    if (parameter.starts_with("charset=") && parameter != "charset=utf-8" && parameter != "charset=\"utf-8\"")
      return true;
  }
  return false;
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
  if (has_other_charset(request.content_type)) throw Error{415, "JSON is UTF-8: leave the charset out"};
}

std::string read_spelled(const Request& request) {
  if (request.body.empty()) throw Error{400, "the body is missing: send a JSON object, such as {}"};
  try {
    return world::spelled_json(request.body, depth_max);
  } catch (const world::MalformedJson& error) {
    throw Error{400, fmt::format("the body is no well-formed JSON: {}", error.what())};
  }
}

world::SpelledObject unambiguous_object(const std::string& spelled) {
  auto object = world::SpelledObject::of(spelled);
  if (!object) throw Error{422, "the body must be a JSON object"};
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
