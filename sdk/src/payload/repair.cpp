#include "repair.hpp"

#include <algorithm>
#include <cstddef>

#include "hex.hpp"

namespace prospero::webhooks::detail {
namespace {

constexpr std::string_view replacement = "\\ufffd";
constexpr std::string_view exponent_max = "1000000000";

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

enum class Surrogate { none, leading, trailing };

// What the escape at `at` (a backslash) stands for; `none` also where there is no escape of the form \uXXXX.
Surrogate surrogate_at(std::string_view text, std::size_t at) noexcept {
  if (text.size() - at < replacement.size() || text[at] != '\\' || text[at + 1] != 'u') return Surrogate::none;
  const int high = hex_byte(text.data() + at + 2);
  if (high >= 0xD8 && high <= 0xDB) return Surrogate::leading;
  return high >= 0xDC && high <= 0xDF ? Surrogate::trailing : Surrogate::none;
}

// Repairs the escape at `at`; where the text goes on after it.
std::size_t repair_escape(std::string& text, std::size_t at) {
  const Surrogate here = surrogate_at(text, at);
  if (here == Surrogate::none) return at + 2;
  const std::size_t next = at + replacement.size();
  if (here == Surrogate::leading && surrogate_at(text, next) == Surrogate::trailing) return next + replacement.size();
  text.replace(at, replacement.size(), replacement);
  return next;
}

// `at` is the opening quote; the position after the closing one.
std::size_t repair_string(std::string& text, std::size_t at) {
  ++at;
  while (text[at] != '"') at = text[at] == '\\' ? repair_escape(text, at) : at + 1;
  return at + 1;
}

// `at` is the `e`; the position after the exponent.
std::size_t repair_exponent(std::string& text, std::size_t at) {
  ++at;
  if (text[at] == '+' || text[at] == '-') ++at;
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = std::find_if_not(begin, text.end(), is_digit);
  const auto first = std::find_if(begin, end, [](char c) { return c != '0'; });
  const std::string_view digits{first, end};
  const bool over =
      digits.size() > exponent_max.size() || (digits.size() == exponent_max.size() && digits > exponent_max);
  if (over) {
    std::fill(begin, end, '0');
    std::copy(exponent_max.begin(), exponent_max.end(), end - static_cast<std::ptrdiff_t>(exponent_max.size()));
  }
  return static_cast<std::size_t>(end - text.begin());
}

}  // namespace

std::string repaired(std::string_view text) {
  std::string copy{text};
  std::size_t at = 0;
  while (at < copy.size()) {
    if (copy[at] == '"') {
      at = repair_string(copy, at);
    } else if ((copy[at] == 'e' || copy[at] == 'E') && at > 0 && is_digit(copy[at - 1])) {
      at = repair_exponent(copy, at);
    } else {
      ++at;
    }
  }
  return copy;
}

}  // namespace prospero::webhooks::detail
