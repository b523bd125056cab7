#include "cli/validators.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <regex>

#include "cli/terminal_text.hpp"

namespace mock::cli {

std::string whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return "'" + text + "' is larger than 18446744073709551615";
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? "" : "'" + text + "' is no whole number from 0 up";
}

std::string finite_number(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  return whole && std::isfinite(number) ? "" : "'" + text + "' is no number";
}

std::string field_text(const std::string& text) {
  constexpr std::size_t bytes_max = 200;
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (text.empty()) return "it is empty";
  if (text.size() > bytes_max) return "it is longer than " + std::to_string(bytes_max) + " bytes";
  if (!std::ranges::all_of(text, is_printable)) {
    return "'" + for_terminal(text) + "' has a character that is not printable ASCII";
  }
  return text.front() == ' ' || text.back() == ' ' ? "'" + text + "' begins or ends with a blank" : "";
}

std::string media_type(const std::string& text) {
  static const std::string token = R"([!#$%&'*+.^_`|~0-9A-Za-z-]+)";
  static const std::string quoted = R"("([^"\\]|\\.)*")";
  static const std::regex form{token + '/' + token + "( *; *" + token + "=(" + token + '|' + quoted + "))*"};
  return std::regex_match(text, form) ? "" : "'" + text + "' is no media type, such as application/json";
}

}  // namespace mock::cli
