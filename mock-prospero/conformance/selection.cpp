#include "conformance/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "conformance/nearest.hpp"
#include "conformance/printable.hpp"
#include "conformance/registry.hpp"
#include "contract/values.hpp"

namespace mock::conformance {
namespace {

std::vector<std::string> filter_names(const std::vector<Case>& cases) {
  std::vector<std::string> names;
  for (const auto& c : cases) {
    names.push_back(c.id);
    names.push_back(c.clause);
    names.push_back(c.clause.substr(0, 1));
  }
  return names;
}

void check_filters(const std::vector<Case>& cases, const std::vector<std::string>& filters, bool in_only) {
  for (const auto& filter : filters) {
    if (std::ranges::none_of(cases, [&](const Case& c) { return matches(c, filter); })) {
      throw UnmatchedFilter(in_only, filter, nearest(filter, filter_names(cases)));
    }
  }
}

std::vector<std::string> known_event_names() {
  return {contract::webhook_events.begin(), contract::webhook_events.end()};
}

void check_events(const std::vector<std::string>& events) {
  const auto names = known_event_names();
  for (const auto& event : events) {
    if (std::ranges::find(names, event) == names.end()) {
      throw std::invalid_argument(
          fmt::format("--events '{}': Prospero has no webhook event of this name; the nearest is {}", printable(event),
                      nearest(event, names)));
    }
  }
}

bool any_matches(const Case& subject, const std::vector<std::string>& filters) {
  return std::ranges::any_of(filters, [&](const auto& filter) { return matches(subject, filter); });
}

Strength strength_in_run(const Case& subject, const std::vector<std::string>& events) {
  const bool listened_to =
      events.empty() || subject.event.empty() || std::ranges::find(events, subject.event) != events.end();
  return listened_to ? subject.strength : Strength::advice;
}

}  // namespace

UnmatchedFilter::UnmatchedFilter(bool in_only_, std::string_view typed_, std::string nearest_)
    : std::invalid_argument(
          fmt::format("{} '{}': no case, clause or clause letter has this name; the nearest is {} (--list shows all)",
                      in_only_ ? "--only" : "--skip", printable(typed_), nearest_)),
      in_only(in_only_),
      typed(printable(typed_)),
      nearest(std::move(nearest_)) {}

bool matches(const Case& subject, std::string_view filter) {
  return filter == subject.id || filter == subject.clause || filter == std::string_view(subject.clause).substr(0, 1);
}

std::vector<SelectedCase> select(const std::vector<Case>& cases, const SelectionOptions& options) {
  check_filters(cases, options.only, true);
  check_filters(cases, options.skip, false);
  check_events(options.events);
  std::vector<SelectedCase> selected;
  for (const auto& c : cases) {
    if (options.only.empty() || any_matches(c, options.only)) {
      selected.push_back({&c, strength_in_run(c, options.events), any_matches(c, options.skip)});
    }
  }
  return selected;
}

std::string nearest_case(std::string_view typed) {
  std::vector<std::string> ids;
  std::ranges::transform(all_cases(), std::back_inserter(ids), &Case::id);
  return nearest(typed, ids);
}

std::vector<std::string> events_to_push(const SelectionOptions& options) {
  auto names = known_event_names();
  if (!options.events.empty()) {
    std::erase_if(names,
                  [&](const auto& name) { return std::ranges::find(options.events, name) == options.events.end(); });
  }
  return names;
}

}  // namespace mock::conformance
