#include "conformance/registry.hpp"

#include <algorithm>
#include <iterator>

#include "conformance/cases/cases.hpp"

namespace mock::conformance {
namespace {

std::vector<Case> in_running_order() {
  std::vector<Case> cases;
  for (auto* const section : {delivery_cases, wire_cases, tls_cases, robustness_cases, discretion_cases, retry_cases,
                              webhook_event_cases, data_cases, witness_cases, crash_cases}) {
    std::ranges::move(section(), std::back_inserter(cases));
  }
  std::ranges::stable_sort(cases, {}, &Case::stage);
  return cases;
}

}  // namespace

std::string_view to_text(Strength strength) {
  switch (strength) {
    case Strength::must:
      return "MUST";
    case Strength::should:
      return "SHOULD";
    case Strength::advice:
      return "ADVICE";
  }
  return "";
}

std::string_view to_text(Level level) {
  switch (level) {
    case Level::black_box:
      return "black box";
    case Level::witness:
      return "witness";
    case Level::crash:
      return "crash";
  }
  return "";
}

const std::vector<Case>& all_cases() {
  static const auto cases = in_running_order();
  return cases;
}

const Case* find_case(std::string_view id) {
  const auto found = std::ranges::find(all_cases(), id, &Case::id);
  return found == all_cases().end() ? nullptr : &*found;
}

}  // namespace mock::conformance
