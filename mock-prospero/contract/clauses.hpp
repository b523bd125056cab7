// All clauses of the contract as data: what the mock prints about itself, and what other parts name when they cite one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "contract/values.hpp"

namespace mock::contract {

/// Where a clause comes from: Prospero's public pages state it, or they are silent and this project chose a reading.
enum class Mark : std::uint8_t { stated, chosen };
std::string_view to_text(Mark mark);

/// One clause. `value` gives what is in force for clauses that hold a value; null for the others.
struct Clause {
  std::string_view id;    ///< a section's letter and a number: D3
  std::string_view text;  ///< what it demands
  Mark mark;
  std::string_view
      note;  ///< the parts of a stated clause that are chosen, or what a chosen one follows from; may be empty
  std::string (*value)(const Values&);
  std::string_view flag;     ///< the flags of `serve` that change the value; may be empty
  std::string_view topic{};  ///< what a chosen value is about, in a word or two; empty for the others
};

/// All of them, section by section: D R X E S T G H. Valid for the whole run.
std::span<const Clause> clauses();

/// Null if there is no such clause.
const Clause* find_clause(std::string_view id);

/// The value in force, or nothing if the clause holds none.
std::optional<std::string> value_in_force(const Clause& clause, const Values& values);

/// "delivery", "retries", ...; empty if the letter names no section.
std::string_view section_title(char letter);

}  // namespace mock::contract
