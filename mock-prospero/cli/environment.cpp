#include "cli/environment.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "conformance/printable.hpp"

namespace mock::cli {

std::string secret_argument(std::string_view flag, const std::string& argument, const Environment& environment) {
  constexpr std::string_view prefix = "env:";
  constexpr auto blanks = " \t\r\n";
  if (!argument.starts_with(prefix)) return argument;
  const auto name = argument.substr(prefix.size());
  const auto value = environment && !name.empty() ? environment(name) : std::nullopt;
  const auto first = value ? value->find_first_not_of(blanks) : std::string::npos;
  if (first == std::string::npos) {
    throw std::invalid_argument(fmt::format("{} {}: this environment variable is not set, or is empty", flag,
                                            conformance::printable(argument)));
  }
  return value->substr(first, value->find_last_not_of(blanks) - first + 1);
}

}  // namespace mock::cli
