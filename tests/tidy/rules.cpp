#include "rules.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include "cpp_text.hpp"

namespace tidy {
namespace {

constexpr int function_lines_max = 70;
constexpr int file_lines_max = 400;

/// Includes that the files below `folder` may not have, as a regular expression over the text of the include.
struct Forbidden {
  std::string folder;
  std::string includes;
};

const std::vector<Forbidden>& forbidden_includes() {
  static const std::string io =
      "boost/(asio|beast)|openssl|sqlite3|httplib|thread|fstream|filesystem|mutex|sys/|unistd";
  static const std::string layers =
      "(contract|delivery|transport|engine|world|registry|store|api|conformance|simulation|cli)/";
  static const std::vector<Forbidden> table = {
      {"sdk/", "^[\"<]" + layers},
      {"sdk/include/prospero/webhooks/payload/", "receive/|^<(" + io + ")"},
      {"sdk/src/payload/", "receive/|^<(" + io + ")"},
      {"sdk/include/prospero/webhooks/receive/", "boost/(asio|beast)|openssl|sqlite3|prometheus"},
      {"sample-consumer/", "^[\"<]" + layers},
      {"mock-prospero/", "prospero/webhooks"},
      {"mock-prospero/contract/", "^\"(?!contract/|seeded_fault)|^<(" + io + "|boost/(?!json))"},
      {"mock-prospero/delivery/", "^\"(?!contract/|delivery/|seeded_fault)|^<(" + io + ")"},
      {"mock-prospero/transport/", "^\"(?!contract/|delivery/|transport/|seeded_fault)"},
  };
  return table;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string place(std::string_view path, std::size_t line) {
  return std::string(path) + ":" + std::to_string(line) + ": ";
}

/// One finding for each line of `text` in which `pattern` is found.
Findings each_line(std::string_view path, std::string_view text, const std::regex& pattern, const std::string& why) {
  Findings findings;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (std::regex_search(lines[i], pattern)) findings.push_back(place(path, i + 1) + why);
  return findings;
}

}  // namespace

Findings include_rules(std::string_view path, std::string_view text) {
  static const std::regex include(R"(^\s*#\s*include\s*(["<][^">]+[">]))");
  Findings findings;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(lines[i], match, include)) continue;
    for (const auto& rule : forbidden_includes())
      if (path.starts_with(rule.folder) && std::regex_search(match[1].str(), std::regex(rule.includes)))
        findings.push_back(place(path, i + 1) + match[1].str() + " may not be included in " + rule.folder);
  }
  return findings;
}

Findings function_length(std::string_view path, std::string_view text) {
  Findings findings;
  for (const auto& function : functions_of(text))
    if (function.length > function_lines_max)
      findings.push_back(place(path, static_cast<std::size_t>(function.line)) + std::to_string(function.length) +
                         " lines: " + function.head);
  return findings;
}

Findings file_length(std::string_view path, std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n');
  if (lines <= file_lines_max) return {};
  return {place(path, file_lines_max) + std::to_string(lines) + " lines in one file"};
}

Findings leftover_markers(std::string_view path, std::string_view text) {
  static const std::regex marker(
      "\\b(TO"
      "DO|FIX"
      "ME|XX"
      "X|HA"
      "CK)\\b");
  return each_line(path, text, marker, "a leftover marker");
}

Findings process_rules(std::string_view path, std::string_view text) {
  const bool program = path.ends_with("main.cpp");
  const bool ours =
      path.starts_with("sdk/") || path.starts_with("sample-consumer/") || path.starts_with("mock-prospero/");
  if (program || !ours) return {};
  static const std::regex call(R"(\b(getenv|std::exit|quick_exit|_exit|abort|terminate)\s*\()");
  return each_line(path, without_comments_and_literals(text), call,
                   "only a main.cpp reads the environment or ends the process");
}

Findings faults_in_headers(std::string_view path, std::string_view text) {
  if (!path.ends_with(".hpp")) return {};
  static const std::regex planted(R"(\bPROSPERO_FAULT\s*\(|"seeded_fault\.hpp")");
  return each_line(path, text, planted, "a seeded fault in a header would be compiled into more than one file");
}

Findings tests_outside_a_target(const std::map<std::string, std::string>& files) {
  Findings findings;
  for (const auto& [path, text] : files) {
    if (!path.starts_with("tests/") || !path.ends_with("_test.cpp")) continue;
    const std::filesystem::path file(path);
    const auto list = files.find((file.parent_path() / "CMakeLists.txt").string());
    const auto names = [&](const std::string& text_in_list) {
      return list != files.end() && list->second.find(text_in_list) != std::string::npos;
    };
    if (!names(file.filename().string()) && !names("/*_test.cpp"))
      findings.push_back(place(path, 1) + "named in no CMakeLists.txt of its folder: it never runs");
  }
  return findings;
}

Findings snippets_outside_a_target(const std::map<std::string, std::string>& pages, std::string_view list) {
  Findings findings;
  for (const auto& [path, text] : pages) {
    const std::string compiled = std::regex_replace(text, std::regex("<!-- shown only -->\n```cpp"), "");
    if (compiled.find("```cpp") == std::string::npos) continue;
    const std::string name = std::filesystem::path(path).replace_extension().string();
    if (!std::regex_search(list.begin(), list.end(), std::regex("[ ;(]" + name + "[ ;)]")))
      findings.push_back(place(path, 1) + "its C++ is compiled by nobody: name it in tests/docs/CMakeLists.txt");
  }
  return findings;
}

Findings program_not_shown(std::string_view path, std::string_view page, std::string_view program) {
  const std::string block = "```cpp\n" + std::string(program) + "```";
  if (page.find(block) != std::string_view::npos) return {};
  return {place(path, 1) + "does not show the program as it is"};
}

}  // namespace tidy
