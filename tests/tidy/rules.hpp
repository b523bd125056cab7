// The repository's rules as pure functions: a file's path and text in, what breaks the rule out.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

using Findings = std::vector<std::string>;  ///< one line each, starting with path:line

Findings include_rules(std::string_view path, std::string_view text);
Findings function_length(std::string_view path, std::string_view text);  ///< at most 70 lines
Findings file_length(std::string_view path, std::string_view text);      ///< at most 400 lines
Findings leftover_markers(std::string_view path, std::string_view text);
/// Only a main.cpp reads the environment or ends the process.
Findings process_rules(std::string_view path, std::string_view text);
/// PROSPERO_FAULT stands in .cpp files only.
Findings faults_in_headers(std::string_view path, std::string_view text);

/// All files by path: every tests/**/*_test.cpp is named in the CMakeLists.txt of its folder.
Findings tests_outside_a_target(const std::map<std::string, std::string>& files);

/// Pages by path: each that has C++, other than what is shown only, is named in `list`, the CMakeLists.txt that
/// compiles and runs snippets.
Findings snippets_outside_a_target(const std::map<std::string, std::string>& pages, std::string_view list);

/// The page shows all of the program as it is.
Findings program_not_shown(std::string_view path, std::string_view page, std::string_view program);

}  // namespace tidy
