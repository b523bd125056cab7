// Which cases run, and how much each weighs.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case.hpp"

namespace mock::conformance {

/// What a person asked for on the command line.
struct SelectionOptions {
  std::vector<std::string> only;    ///< ids, clauses, clause letters; empty: all
  std::vector<std::string> skip;    ///< the same
  std::vector<std::string> events;  ///< the known webhook events that the consumer listens to; empty: all nine
};

struct SelectedCase {
  const Case* definition = nullptr;
  Strength strength = Strength::must;  ///< in this run: a case of a webhook event not listened to is only ADVICE
  bool left_out = false;               ///< by `skip`
};

/// True if `filter` is the case's full id (`D3-exactly-200`), its clause (`E1`) or the clause's letter (`E`). A prefix
/// is none of these: `E1` does not match a case of E10.
bool matches(const Case& subject, std::string_view filter);

/// A filter that matches no case. The text speaks of the command line; the parts are for others.
class UnmatchedFilter : public std::invalid_argument {
 public:
  UnmatchedFilter(bool in_only, std::string_view typed, std::string nearest);
  bool in_only;         ///< else in `skip`
  std::string typed;    ///< printable
  std::string nearest;  ///< the name that is most like it
};

/// In running order. Throws UnmatchedFilter when a filter matches no case, std::invalid_argument, in one line that
/// suggests the nearest name, when a webhook event is not a known one.
std::vector<SelectedCase> select(const std::vector<Case>& cases, const SelectionOptions& options);

/// The id of a case that is most like `typed`.
std::string nearest_case(std::string_view typed);

/// The webhook events to push: those asked for, each once, else all nine, in the order of the contract.
std::vector<std::string> events_to_push(const SelectionOptions& options);

}  // namespace mock::conformance
