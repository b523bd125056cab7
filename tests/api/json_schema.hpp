// As much of JSON Schema as api/openapi.json uses. A keyword that it does not know is an error, so none is skipped.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace api_test {

/// What is wrong with `value`, as "/pointer: why", or "" if the schema accepts it. `$ref` are pointers into `document`.
/// Throws std::runtime_error for a schema that it cannot read.
std::string schema_problem(const boost::json::object& document, const boost::json::value& schema,
                           const boost::json::value& value, const std::string& where = {});

/// Follows `$ref` as long as there is one.
const boost::json::value& resolved(const boost::json::object& document, const boost::json::value& schema);

}  // namespace api_test
