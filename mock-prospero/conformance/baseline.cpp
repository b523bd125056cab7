#include "conformance/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

#include "conformance/printable.hpp"
#include "conformance/registry.hpp"

namespace mock::conformance {
namespace {

namespace json = boost::json;

constexpr std::string_view form = R"(a baseline is {"expected": [{"id": "...", "reason": "..."}]})";

std::string text_member(const json::object& entry, std::string_view name, std::size_t index) {
  const auto* const member = entry.if_contains(name);
  if (member == nullptr || !member->is_string() || member->get_string().empty()) {
    throw std::invalid_argument(fmt::format("entry {} has no text for \"{}\"; {}", index + 1, name, form));
  }
  return std::string(member->get_string());
}

void add(Baseline& baseline, const json::value& value, std::size_t index) {
  if (!value.is_object() || value.get_object().size() != 2) {
    throw std::invalid_argument(fmt::format("entry {} is not an object of id and reason; {}", index + 1, form));
  }
  const auto id = text_member(value.get_object(), "id", index);
  const auto reason = text_member(value.get_object(), "reason", index);
  if (find_case(id) == nullptr) {
    throw std::invalid_argument(
        fmt::format("entry {}: there is no case '{}'; the nearest is {}", index + 1, printable(id), nearest_case(id)));
  }
  if (!baseline.emplace(id, printable(reason)).second) {
    throw std::invalid_argument(fmt::format("{} is listed twice", id));
  }
}

}  // namespace

Baseline parse_baseline(std::string_view text) {
  boost::system::error_code error;
  const auto parsed = json::parse(text, error);
  if (error) throw std::invalid_argument(fmt::format("no JSON ({}); {}", error.message(), form));
  const auto* const members = parsed.if_object();
  const auto* const expected = members != nullptr && members->size() == 1 ? members->if_contains("expected") : nullptr;
  if (expected == nullptr || !expected->is_array()) throw std::invalid_argument(std::string(form));
  Baseline baseline;
  for (std::size_t i = 0; i < expected->get_array().size(); ++i) {
    add(baseline, expected->get_array()[i], i);
  }
  return baseline;
}

void check_listed(const Baseline& baseline, const std::vector<SelectedCase>& cases) {
  for (const auto& [id, reason] : baseline) {
    const auto found = std::ranges::find_if(cases, [&](const auto& selected) { return selected.definition->id == id; });
    if (found != cases.end() && !found->left_out) continue;
    throw std::invalid_argument(fmt::format(
        "{} is listed, but {} leaves it out: whether it still fails would stay unknown; widen the filter, or "
        "take the entry out",
        id, found == cases.end() ? "--only" : "--skip"));
  }
}

}  // namespace mock::conformance
