#include "store/words.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace mock::store {
namespace {

using delivery::Outcome;
using delivery::Reason;
using delivery::State;

constexpr std::array states{State::pending, State::delivered, State::abandoned, State::dropped};
constexpr std::array reasons{Reason::disabled, Reason::deleted, Reason::retries_exhausted,
                             Reason::webhook_disabled_before};
constexpr std::array outcomes{Outcome::ok,       Outcome::bad_status, Outcome::timeout,         Outcome::unreachable,
                              Outcome::not_http, Outcome::tls_error,  Outcome::refused_address, Outcome::interrupted};

template <class Values>
auto value_of(const Values& values, std::string_view word) {
  for (const auto value : values) {
    if (delivery::to_text(value) == word) return value;
  }
  throw std::runtime_error{"unknown word '" + std::string{word} + "'"};
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t characters_max = 200;
  std::string out{text.substr(0, characters_max)};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

State state_of(std::string_view word) {
  return value_of(states, word);
}

Reason reason_of(std::string_view word) {
  return value_of(reasons, word);
}

Outcome outcome_of(std::string_view word) {
  return value_of(outcomes, word);
}

world::Family family_of(std::string_view word) {
  const auto family = world::family_of_plural(word);
  if (!family) throw std::runtime_error{"unknown word '" + std::string{word} + "'"};
  return *family;
}

}  // namespace mock::store
