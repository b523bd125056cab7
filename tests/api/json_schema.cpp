#include "json_schema.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <regex>
#include <stdexcept>

namespace api_test {
namespace {

namespace json = boost::json;

bool is_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  throw std::runtime_error("schema: unknown type " + std::string(type));
}

bool has_a_type(const json::value& value, const json::value& types) {
  if (types.is_string()) return is_type(value, types.get_string());
  const auto& all = types.as_array();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return is_type(value, one.as_string()); });
}

std::string object_problem(const json::object& document, const json::object& schema, const json::object& object,
                           const std::string& where) {
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& name : required->as_array()) {
      if (!object.contains(name.as_string())) return where + ": lacks " + std::string(name.as_string());
    }
  }
  const auto* properties = schema.if_contains("properties");
  for (const auto& member : object) {
    const std::string key(member.key());
    const auto* known = properties == nullptr ? nullptr : properties->as_object().if_contains(key);
    if (known != nullptr) {
      if (auto problem = schema_problem(document, *known, member.value(), where + '/' + key); !problem.empty())
        return problem;
    } else if (const auto* more = schema.if_contains("additionalProperties"); more != nullptr) {
      if (more->is_bool() && !more->get_bool()) return where + ": must not have " + key;
      if (!more->is_object()) continue;
      if (auto problem = schema_problem(document, *more, member.value(), where + '/' + key); !problem.empty())
        return problem;
    }
  }
  return {};
}

std::string array_problem(const json::object& document, const json::object& schema, const json::array& array,
                          const std::string& where) {
  if (const auto* least = schema.if_contains("minItems"); least && array.size() < least->to_number<std::size_t>())
    return where + ": too few items";
  if (const auto* most = schema.if_contains("maxItems"); most && array.size() > most->to_number<std::size_t>())
    return where + ": too many items";
  const auto* items = schema.if_contains("items");
  for (std::size_t i = 0; items != nullptr && i < array.size(); ++i) {
    if (auto problem = schema_problem(document, *items, array[i], where + '/' + std::to_string(i)); !problem.empty())
      return problem;
  }
  return {};
}

std::string text_problem(const json::object& schema, const std::string& text, const std::string& where) {
  if (const auto* least = schema.if_contains("minLength"); least && text.size() < least->to_number<std::size_t>())
    return where + ": too short";
  if (const auto* most = schema.if_contains("maxLength"); most && text.size() > most->to_number<std::size_t>())
    return where + ": too long";
  const auto* pattern = schema.if_contains("pattern");
  if (pattern != nullptr && !std::regex_search(text, std::regex(std::string(pattern->as_string()))))
    return where + ": '" + text + "' is not of the form " + std::string(pattern->as_string());
  return {};
}

std::string number_problem(const json::object& schema, double number, const std::string& where) {
  if (const auto* least = schema.if_contains("minimum"); least && number < least->to_number<double>())
    return where + ": too small";
  if (const auto* most = schema.if_contains("maximum"); most && number > most->to_number<double>())
    return where + ": too large";
  return {};
}

void require_known_words(const json::object& schema) {
  constexpr std::string_view known[] = {"type",      "required", "properties",  "additionalProperties",
                                        "items",     "minItems", "maxItems",    "minLength",
                                        "maxLength", "pattern",  "minimum",     "maximum",
                                        "enum",      "oneOf",    "description", "examples",
                                        "default"};
  for (const auto& member : schema) {
    const std::string_view word{member.key()};
    if (std::find(std::begin(known), std::end(known), word) == std::end(known))
      throw std::runtime_error("schema: unknown word " + std::string(word));
  }
}

}  // namespace

const json::value& resolved(const json::object& document, const json::value& schema) {
  const auto* object = schema.if_object();
  const auto* reference = object == nullptr ? nullptr : object->if_contains("$ref");
  if (reference == nullptr) return schema;
  auto path = std::string_view(reference->as_string());
  const json::value* found = nullptr;
  for (path.remove_prefix(std::min<std::size_t>(path.size(), 2)); !path.empty();) {
    const auto name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    const auto& inside = found == nullptr ? document : found->as_object();
    found = &inside.at(name);
  }
  if (found == nullptr) throw std::runtime_error("schema: empty $ref");
  return resolved(document, *found);
}

std::string schema_problem(const json::object& document, const json::value& unresolved, const json::value& value,
                           const std::string& where) {
  const auto& schema = resolved(document, unresolved).as_object();
  require_known_words(schema);
  if (const auto* types = schema.if_contains("type"); types != nullptr && !has_a_type(value, *types))
    return where + ": has another type";
  if (const auto* values = schema.if_contains("enum")) {
    const auto& all = values->as_array();
    if (std::find(all.begin(), all.end(), value) == all.end()) return where + ": is none of the values allowed";
  }
  if (const auto* choices = schema.if_contains("oneOf")) {
    const auto& all = choices->as_array();
    const auto accepted = std::count_if(
        all.begin(), all.end(), [&](const auto& one) { return schema_problem(document, one, value, where).empty(); });
    if (accepted != 1) return where + ": fits " + std::to_string(accepted) + " of the forms, not one";
  }
  if (value.is_object()) return object_problem(document, schema, value.get_object(), where);
  if (value.is_array()) return array_problem(document, schema, value.get_array(), where);
  if (value.is_string()) return text_problem(schema, std::string(value.get_string()), where);
  if (value.is_number()) return number_problem(schema, value.to_number<double>(), where);
  return {};
}

}  // namespace api_test
