// Random pushes: what a body means, and one of the many ways to spell it.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <prospero/webhooks/payload/entity.hpp>
#include <random>
#include <string>

namespace random_push {

struct Push {
  std::string body;
  std::string event_name;
  std::string data_text;  ///< as it stands in `body`
  boost::json::value data;
  std::optional<prospero::webhooks::EntityHeader> header;  ///< of a known webhook event
};

/// The same push for the same seed. Containers are at most 64 within each other.
Push make(std::uint64_t seed);

/// A value and its text.
struct Spelled {
  boost::json::value value;
  std::string text;
};

/// Writes values in every form that the grammar allows.
class Speller {
 public:
  explicit Speller(std::uint64_t seed) : random_(seed) {}

  /// Any value, at most `depth` containers within each other.
  Spelled value(unsigned depth);
  /// A string literal for `text`, each character raw or as an escape.
  std::string literal(std::string_view text);
  /// UTF-8 of any code points.
  std::string text();
  std::string space();

  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  bool once_in(std::uint64_t n) { return below(n) == 0; }

 private:
  Spelled number();
  Spelled fraction();
  Spelled array(unsigned depth);
  Spelled object(unsigned depth);
  Spelled surrogates();
  std::string escape(char32_t c);
  std::string unit(std::uint32_t code);
  std::string digits(std::uint64_t count);

  std::mt19937_64 random_;
};

}  // namespace random_push
