// The grammar of RFC 8259 over bytes that nobody has looked at yet: the one reader of JSON here. Who uses it gives it a
// sink, which is told what is read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <prospero/webhooks/payload/error.hpp>

#include "bytes.hpp"
#include "hex.hpp"

namespace prospero::webhooks::detail {

/// Where a text stops being JSON.
struct Fault {
  PayloadErrc code;  ///< too_deep, syntax, incomplete, trailing_bytes or invalid_utf8
  std::size_t offset;
};

/// A string as it stands in the text, quotes excluded.
struct RawString {
  const char* begin;
  const char* end;
  bool escaped;  ///< there is an escape in it

  std::string_view text() const noexcept { return {begin, static_cast<std::size_t>(end - begin)}; }
};

/// How a number is written.
enum class NumberForm : unsigned char { integer, decimal, exponent };

/// Reads one JSON text. Escaped lone surrogates and numbers of any size fit the grammar. The sink has:
///   name(RawString, depth) -> Name      a member's name; what is returned comes back with the member's value
///   member(Name, name_begin, begin, end)  that member's value has been read
///   string(RawString), number(begin, end, NumberForm), literal(first letter)  a value
///   object(members), array(elements)    the end of one, after all that is in it
/// Every function takes where its construct begins and gives where the text goes on; null after a fault.
template <class Sink>
class Grammar {
 public:
  /// From `begin` to `end`, where a NUL must stand.
  Grammar(const char* begin, const char* end, std::size_t depth_max, Sink& sink) noexcept
      : begin_(begin), end_(end), plain_(begin, end), depth_max_(depth_max), sink_(sink) {}

  /// Nullopt when all of it is one JSON text.
  std::optional<Fault> document() {
    const char* at = value(space(begin_));
    if (at) at = space(at);
    if (at && at != end_) fault_ = Fault{PayloadErrc::trailing_bytes, offset(at)};
    return fault_;
  }

  /// Whether the first `size` bytes are one JSON value with nothing around it.
  bool begins_with_value(std::size_t size) { return value(begin_) == begin_ + size; }

  static const char* space(const char* at) noexcept {
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') ++at;
    return at;
  }

 private:
  // Inlined where it is used, while containers are not: so a call is paid for each container only.
  [[gnu::always_inline]] const char* value(const char* at) {
    if (*at == '"') {
      RawString raw;
      const char* const next = string(at, raw);
      if (next) sink_.string(raw);
      return next;
    }
    switch (*at) {
      case '{':
        return object(at);
      case '[':
        return array(at);
      case 't':
        return literal(at, "true");
      case 'f':
        return literal(at, "false");
      case 'n':
        return literal(at, "null");
      default:
        return number(at);
    }
  }

  [[gnu::noinline]] const char* object(const char* at) {
    if (depth_ == depth_max_) return too_deep(at);
    ++depth_;
    at = space(at + 1);
    std::size_t count = 0;
    if (*at != '}') {
      for (;; at = space(at + 1)) {
        if (!(at = member(at))) return nullptr;
        ++count;
        at = space(at);
        if (*at != ',') break;
      }
      if (*at != '}') return wrong(at);
    }
    --depth_;
    sink_.object(count);
    return at + 1;
  }

  [[gnu::noinline]] const char* array(const char* at) {
    if (depth_ == depth_max_) return too_deep(at);
    ++depth_;
    at = space(at + 1);
    std::size_t count = 0;
    if (*at != ']') {
      for (;; at = space(at + 1)) {
        if (!(at = value(at))) return nullptr;
        ++count;
        at = space(at);
        if (*at != ',') break;
      }
      if (*at != ']') return wrong(at);
    }
    --depth_;
    sink_.array(count);
    return at + 1;
  }

  const char* member(const char* at) {
    if (*at != '"') return wrong(at);
    const char* const name_begin = at;
    RawString raw;
    if (!(at = string(at, raw))) return nullptr;
    const auto name = sink_.name(raw, depth_);
    at = space(at);
    if (*at != ':') return wrong(at);
    const char* const value_begin = space(at + 1);
    at = value(value_begin);
    if (at) sink_.member(name, name_begin, value_begin, at);
    return at;
  }

  [[gnu::always_inline]] const char* string(const char* at, RawString& raw) {
    raw = {at + 1, plain_.skip(at + 1), false};
    return *raw.end == '"' ? raw.end + 1 : rest_of_string(raw);
  }

  // From raw.end on, which is within the string.
  [[gnu::noinline]] const char* rest_of_string(RawString& raw) {
    const char* at = raw.end;
    while (*at != '"') {
      if (*at == '\\') {
        raw.escaped = true;
        if (!(at = escape(at))) return nullptr;
      } else if (static_cast<signed char>(*at) < 0) {
        if (!(at = beyond_ascii(at))) return nullptr;
      } else {
        return wrong(at);
      }
      at = plain_.skip(at);
    }
    raw.end = at;
    return at + 1;
  }

  const char* beyond_ascii(const char* at) {
    do {
      const std::size_t size = utf8_sequence(at);
      if (size == 0) {
        fault_ = Fault{PayloadErrc::invalid_utf8, offset(at)};
        return nullptr;
      }
      at += size;
    } while (static_cast<signed char>(*at) < 0);
    return at;
  }

  const char* escape(const char* at) {
    ++at;
    if (*at == 'u') {
      ++at;
      for (int i = 0; i < 4; ++i, ++at) {
        if (hex_value(*at) < 0) return wrong(at);
      }
      return at;
    }
    constexpr std::string_view short_escapes = "\"\\/bfnrt";
    return short_escapes.find(*at) == std::string_view::npos ? wrong(at) : at + 1;
  }

  const char* number(const char* at) {
    const char* const number_begin = at;
    NumberForm form = NumberForm::integer;
    if (*at == '-') ++at;
    if (*at == '0') {
      ++at;
    } else if (!(at = digits(at))) {
      return nullptr;
    }
    if (*at == '.') {
      form = NumberForm::decimal;
      if (!(at = digits(at + 1))) return nullptr;
    }
    if (*at == 'e' || *at == 'E') {
      form = NumberForm::exponent;
      ++at;
      if (*at == '+' || *at == '-') ++at;
      if (!(at = digits(at))) return nullptr;
    }
    sink_.number(number_begin, at, form);
    return at;
  }

  const char* digits(const char* at) {
    if (!is_digit(*at)) return wrong(at);
    while (is_digit(*at)) ++at;
    return at;
  }

  const char* literal(const char* at, std::string_view word) {
    for (const char c : word) {
      if (*at != c) return wrong(at);
      ++at;
    }
    sink_.literal(word.front());
    return at;
  }

  static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  std::size_t offset(const char* at) const noexcept { return static_cast<std::size_t>(at - begin_); }

  [[gnu::cold]] const char* wrong(const char* at) {
    fault_ = Fault{at == end_ ? PayloadErrc::incomplete : PayloadErrc::syntax, offset(at)};
    return nullptr;
  }
  [[gnu::cold]] const char* too_deep(const char* at) {
    fault_ = Fault{PayloadErrc::too_deep, offset(at)};
    return nullptr;
  }

  const char* begin_;
  const char* end_;
  PlainRuns plain_;
  std::size_t depth_max_;
  std::size_t depth_ = 0;
  Sink& sink_;
  std::optional<Fault> fault_;
};

}  // namespace prospero::webhooks::detail
