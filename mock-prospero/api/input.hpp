// Reading what a caller sent: JSON bodies and query parameters. What is wrong throws Error, naming the member.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/exchange.hpp"
#include "world/spelled_json.hpp"

namespace mock::api {

/// 415 for a body, or a Content-Type, that is not application/json. No body and no type is accepted.
void require_json_type(const Request& request);

/// The whole body as JSON text, as it is spelled but without blanks between tokens. 400 when it is malformed, empty, or
/// deeper than 64.
std::string read_spelled(const Request& request);

/// Each must be an object; 422 otherwise, and when one object in it, at any depth, has a name twice.
world::SpelledObject unambiguous_object(const std::string& spelled);

/// 422 for a member that is not `known`, naming it, and for a name that stands twice.
void require_known(const world::SpelledObject& object, std::initializer_list<std::string_view> known);

/// The body as an object that has no members but `known` ones: 422 otherwise, naming the stray one.
boost::json::object read_object(const Request& request, std::initializer_list<std::string_view> known);

std::string required_text(const boost::json::object& object, std::string_view name);  ///< 422 unless it is a string
std::optional<std::string> optional_text(const boost::json::object& object, std::string_view name);
std::vector<std::string> required_texts(const boost::json::object& object, std::string_view name);
/// Missing or null: none, false, nothing.
std::vector<std::string> optional_texts(const boost::json::object& object, std::string_view name);
bool optional_flag(const boost::json::object& object, std::string_view name);  ///< 422 unless it is a boolean
/// 422 unless it is a whole number in [0, most].
std::optional<std::uint64_t> optional_number(const boost::json::object& object, std::string_view name,
                                             std::uint64_t most);

std::optional<std::string> query_text(const Request& request, const std::string& name);
/// 422 unless it is a whole number in [least, most].
std::size_t query_number(const Request& request, const std::string& name, std::size_t otherwise, std::size_t least,
                         std::size_t most);

}  // namespace mock::api
