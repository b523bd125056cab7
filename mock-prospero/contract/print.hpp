// The contract as the mock prints it: for people, and for programs.
#pragma once

#include <string>
#include <vector>

#include "contract/values.hpp"

namespace mock::contract {

/// Every clause with its mark and, where it has one, its value in force and the flag that changes it. Ends with a
/// newline.
std::string print_text(const Values& values);

/// {"clauses": [{"id", "section", "text", "mark", "note"|null, "value"|null, "flag"|null}]}, one line.
std::string print_json(const Values& values);

/// The values that are our choice, as a whole or in part, with their flags: what a sender says at its start. A line for
/// each clause, and another for flags that do not fit on it.
std::vector<std::string> print_assumptions(const Values& values);

}  // namespace mock::contract
