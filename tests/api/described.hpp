// What /openapi.json promises of each call, to hold answers to.
#pragma once

#include <boost/json/object.hpp>
#include <set>
#include <string>
#include <utility>

namespace api_test {

/// The description that is compiled in, read.
const boost::json::object& description();

/// Every (method, path) of it; `{family}` is replaced by each of its values.
std::set<std::pair<std::string, std::string>> described_calls();

/// What is wrong with an answer, or "". Of a call that is not described only an error in the shape of T5 is right.
/// Thread-safe.
std::string answer_problem(const std::string& method, const std::string& target, int status, const std::string& body);

}  // namespace api_test
