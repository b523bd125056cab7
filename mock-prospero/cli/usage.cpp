#include "cli/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace mock::cli {
namespace {

/// Letters to insert, delete or change to make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto changed = diagonal + (a[i] == b[j] ? 0U : 1U);
      diagonal = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

std::string hint(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean {}?", fmt::join(near, " or "));
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* one : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(one->get_name());
  return names;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

const CLI::App& deepest(const CLI::App& app) {
  const auto* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

/// What the parser had no place for, in the order in which it was given.
std::vector<std::string> left_over(const CLI::App& app, const std::vector<std::string>& given) {
  auto words = app.remaining(true);
  const auto place = [&](const std::string& word) { return std::find(given.begin(), given.end(), word); };
  std::stable_sort(words.begin(), words.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return words;
}

bool is_flag(const std::string& word) {
  return word.size() > 1 && word.front() == '-';
}

}  // namespace

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t told_max = 3;
  const auto far = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const auto& name : known) {
    const bool begun = word.size() > 2 && name.starts_with(word);
    if (const auto steps = begun ? 0 : distance(word, name); steps <= far) near.emplace_back(steps, name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (auto& [steps, name] : near) names.push_back(std::move(name));
  if (names.size() > told_max) names.resize(told_max);
  return names;
}

std::string unknown_command(const CLI::App& app, const std::vector<std::string>& given) {
  if (given.empty() || given.front().starts_with('-')) return {};
  const auto commands = commands_of(app);
  if (std::find(commands.begin(), commands.end(), given.front()) != commands.end()) return {};
  return fmt::format("'{}' is no command{}; there are {}", given.front(), hint(given.front(), commands),
                     fmt::join(commands, ", "));
}

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& given) {
  const auto& command = deepest(app);
  const auto commands = commands_of(command);
  const auto words = left_over(app, given);
  const auto flag = std::find_if(words.begin(), words.end(), is_flag);
  if (flag != words.end()) {
    const auto name = flag->substr(0, flag->find('='));
    return fmt::format("'{}' is no flag of {}{}", name, command.get_name(), hint(name, flags_of(command)));
  }
  if (!commands.empty()) {
    if (words.empty()) return fmt::format("a command is missing; there are {}", fmt::join(commands, ", "));
    return fmt::format("'{}' is no command of {}{}; there are {}", words.front(), command.get_name(),
                       hint(words.front(), commands), fmt::join(commands, ", "));
  }
  if (!words.empty()) return fmt::format("not expected: {}", fmt::join(words, " "));
  return error.what();
}

}  // namespace mock::cli
