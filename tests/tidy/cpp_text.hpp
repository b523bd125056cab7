// Just enough C++ reading for the rules: comments and literals blanked out, functions with their lengths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidy {

/// The text with comments, string and character literals replaced by spaces; line ends stay where they are.
std::string without_comments_and_literals(std::string_view text);

struct Function {
  std::string head;  ///< the text before its brace, shortened
  int line = 0;      ///< of the opening brace, from 1
  int length = 0;    ///< lines from the opening to the closing brace
};

/// Functions with a body that stand in namespaces and classes. Lambdas count as part of the function around them.
std::vector<Function> functions_of(std::string_view text);

}  // namespace tidy
