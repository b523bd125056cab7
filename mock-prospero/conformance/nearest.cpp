#include "conformance/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <tuple>

namespace mock::conformance {
namespace {

constexpr std::size_t longest_typed = 200;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Letters to add, take away, replace or swap with their neighbour (optimal string alignment).
std::size_t slips(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) table[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) table[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

// Less is nearer.
std::tuple<int, double> distance(std::string_view typed, std::string_view name) {
  const auto changes = slips(typed, name);
  const auto share =
      static_cast<double>(changes) / static_cast<double>(std::max({typed.size(), name.size(), std::size_t{1}}));
  // One slip in one or two letters makes anything of anything.
  const bool one_slip = changes == 0 || (changes == 1 && typed.size() > 2);
  if (one_slip) return {0, share};
  if (typed.empty()) return {3, share};
  if (name.starts_with(typed)) return {1, share};
  if (name.find(typed) != std::string_view::npos) return {2, share};
  return {3, share};
}

}  // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& names) {
  const auto wanted = lower(typed.substr(0, longest_typed));
  return *std::ranges::min_element(names, {}, [&](const std::string& name) { return distance(wanted, lower(name)); });
}

}  // namespace mock::conformance
