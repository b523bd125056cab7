// What is wrong with a command line, said about the mistake that was made first.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mock::cli {

/// Those of `known` that `word` may have been meant as, nearest first; at most three.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// One line for an error of parsing. A command or flag that does not exist is told before whatever is missing because
/// of it, with the nearest names.
std::string usage_problem(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& given);

/// What `given` starts with is no command of the app, nor a flag: the line about it; else empty. For before parsing,
/// which lets --help pass whatever stands before it.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& given);

}  // namespace mock::cli
