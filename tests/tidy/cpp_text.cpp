#include "cpp_text.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace tidy {
namespace {

/// End of the literal or comment that starts at `at`, or `at` when none starts there.
std::size_t end_of_blank(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  const auto until = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, at + from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return until("*/", 2);
  if (rest.starts_with("R\"")) {
    const auto paren = text.find('(', at);
    if (paren == std::string_view::npos) return text.size();
    return until(")" + std::string(text.substr(at + 2, paren - at - 2)) + "\"", 2);
  }
  const bool digit_separator = rest[0] == '\'' && at > 0 && std::isxdigit(static_cast<unsigned char>(text[at - 1]));
  if ((rest[0] != '"' && rest[0] != '\'') || digit_separator) return at;
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == rest[0])
      return i + 1;
  }
  return text.size();
}

/// What opened a brace decides what it encloses.
bool encloses_declarations(const std::string& head) {
  static const std::regex scope(R"(^\s*(template\s*<.*>\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b)");
  static const std::regex function_like(R"(\)\s*(const|noexcept|override|final|->.*)?\s*$)");
  return std::regex_search(head, scope) && !std::regex_search(head, function_like);
}

/// Blanks lines that belong to the preprocessor: they open no scope.
void blank_directives(std::string& plain) {
  static const std::regex directive(R"(^[ \t]*#(.*\\\n)*.*$)", std::regex::multiline);
  for (std::smatch match; std::regex_search(plain, match, directive);)
    for (auto c = plain.begin() + match.position(); c != plain.begin() + match.position() + match.length(); ++c)
      if (*c != '\n') *c = ' ';
}

std::string shortened(std::string head) {
  head.erase(std::unique(head.begin(), head.end(), [](char a, char b) { return a == ' ' && b == ' '; }), head.end());
  while (!head.empty() && head.front() == ' ') head.erase(0, 1);
  return head.substr(0, 80);
}

}  // namespace

std::string without_comments_and_literals(std::string_view text) {
  std::string plain(text);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_blank(text, at);
    for (auto i = at; i < end; ++i)
      if (plain[i] != '\n') plain[i] = ' ';
    at = std::max(end, at + 1);
  }
  return plain;
}

std::vector<Function> functions_of(std::string_view text) {
  std::string plain = without_comments_and_literals(text);
  blank_directives(plain);
  std::vector<Function> found;
  std::string head;
  int line = 1, depth = 0;  // depth counts braces inside what is being read
  bool is_function = false;
  for (const char c : plain) {
    if (c == '\n') ++line;
    if (depth > 0) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) found.back().length = line - found.back().line + 1;
      if (depth == 0 && !is_function) found.pop_back();
      continue;
    }
    if (c == '{' && !encloses_declarations(head)) {
      found.push_back({shortened(head), line, 0});
      is_function = head.find('(') != std::string::npos;  // else a table or another braced value
      depth = 1;
    }
    if (c == '{' || c == '}' || c == ';')
      head.clear();
    else
      head += c == '\n' ? ' ' : c;
  }
  return found;
}

}  // namespace tidy
