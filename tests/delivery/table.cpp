#include "table.hpp"

#include <cstdio>
#include <sstream>
#include <stdexcept>

namespace mock::delivery::test {

std::vector<std::vector<std::string>> words_of_lines(std::string_view table) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{std::string{table}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::vector<std::string> row;
    for (std::string word; words >> word;) row.push_back(word);
    if (!row.empty() && !row.front().starts_with('#')) rows.push_back(std::move(row));
  }
  return rows;
}

Duration parse_time(const std::string& text) {
  std::istringstream in{text};
  double total = 0;
  for (std::string part; std::getline(in, part, ':');) {
    std::size_t used = 0;
    total = total * 60 + std::stod(part, &used);
    if (used != part.size()) throw std::invalid_argument("not a time: " + text);
  }
  return std::chrono::round<Duration>(std::chrono::duration<double>{total});
}

std::string show(Duration time) {
  const auto us = static_cast<long long>(time.count());
  const auto s = us / 1'000'000;
  char text[64];
  std::snprintf(text, sizeof text, "%lld:%02lld:%02lld.%03lld", s / 3600, s / 60 % 60, s % 60, us / 1000 % 1000);
  if (us % 1000 == 0) return text;
  std::snprintf(text, sizeof text, "%lld:%02lld:%02lld.%06lld", s / 3600, s / 60 % 60, s % 60, us % 1'000'000);
  return text;
}

std::string show(Instant instant) {
  return show(instant - start);
}

Outcome parse_outcome(std::string_view text) {
  for (const auto outcome : all_outcomes) {
    if (to_text(outcome) == text) return outcome;
  }
  throw std::invalid_argument("no outcome " + std::string{text});
}

}  // namespace mock::delivery::test
