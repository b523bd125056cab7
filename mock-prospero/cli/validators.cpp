#include "cli/validators.hpp"

#include <cmath>
#include <cstdlib>

namespace mock::cli {

std::string whole_number(const std::string& text) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "" : "'" + text + "' is no whole number from 0 up";
}

std::string finite_number(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  return whole && std::isfinite(number) ? "" : "'" + text + "' is no number";
}

}  // namespace mock::cli
