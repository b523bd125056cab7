#include "conformance/path_entropy.hpp"

#include <algorithm>
#include <cctype>

namespace mock::conformance {
namespace {

bool is_digit(unsigned char c) {
  return std::isdigit(c) != 0;
}

bool is_letter(unsigned char c) {
  return std::isalpha(c) != 0;
}

// English text holds about 1.5 bits a letter; a hex digit 4, a decimal one 3.
int bits_of(std::string_view part) {
  const auto letters = static_cast<int>(std::ranges::count_if(part, is_letter));
  const auto digits = static_cast<int>(std::ranges::count_if(part, is_digit));
  const bool mixed = digits * 8 >= letters && letters > 0;
  return mixed ? 4 * (letters + digits) : letters * 3 / 2 + digits * 3;
}

}  // namespace

int path_bits(std::string_view path_and_query) {
  constexpr std::string_view separators = "/?&=.";
  int most = 0;
  while (!path_and_query.empty()) {
    const auto end = std::min(path_and_query.find_first_of(separators), path_and_query.size());
    most = std::max(most, bits_of(path_and_query.substr(0, end)));
    path_and_query.remove_prefix(std::min(end + 1, path_and_query.size()));
  }
  return most;
}

}  // namespace mock::conformance
