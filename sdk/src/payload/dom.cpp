#include "dom.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value_stack.hpp>
#include <cfloat>
#include <charconv>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

#include "escapes.hpp"
#include "grammar.hpp"

#include "seeded_fault.hpp"

namespace prospero::webhooks::detail {
namespace {

// Whether a number that no double can hold is too large for it rather than too small: whether its first digit but 0
// stands, once the exponent has moved the point, before it.
bool is_too_large(std::string_view number) noexcept {
  const std::size_t exponent_begin = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, exponent_begin);
  const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
  const auto first = static_cast<std::int64_t>(digits.find_first_of("123456789"));
  std::int64_t exponent = 0;
  if (exponent_begin < number.size()) {
    std::string_view text = number.substr(exponent_begin + 1);
    if (text.front() == '+') text.remove_prefix(1);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (read.ec != std::errc{}) return text.front() != '-';
  }
  return exponent > first - point;
}

double nearest_double(const char* begin, const char* end) noexcept {
  double value = 0;
  const auto read = std::from_chars(begin, end, value);
  if (read.ec == std::errc{}) return value;
  const double beyond =
      is_too_large({begin, static_cast<std::size_t>(end - begin)}) ? std::numeric_limits<double>::infinity() : 0.0;
  return *begin == '-' ? -beyond : beyond;
}

// A number without an exponent that has at most 15 digits: these, and the power of ten that they are divided by, have
// an exact double each, so the one division gives the nearest double. (The x87 unit would round twice.)
double short_decimal(const char* begin, const char* end) noexcept {
  constexpr std::array powers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool negative = *begin == '-';
  if (negative) ++begin;
  std::int64_t digits = 0;
  const char* point = end - 1;
  for (const char* at = begin; at != end; ++at) {
    if (*at == '.') {
      point = at;
    } else {
      digits = digits * 10 + (*at - '0');
    }
  }
  const double value = static_cast<double>(digits) / powers[static_cast<std::size_t>(end - point - 1)];
  return negative ? -value : value;
}

class DomSink {
 public:
  DomSink(unsigned char* scratch, std::size_t scratch_size) : stack_({}, scratch, scratch_size) {
    stack_.reset(dom_storage());
  }

  struct NoName {};

  NoName name(const RawString& raw, std::size_t) {
    stack_.push_key(raw.escaped ? last_part(raw) : view(raw.begin, raw.end));
    return {};
  }
  void member(NoName, const char*, const char*, const char*) noexcept {}

  void string(const RawString& raw) { stack_.push_string(raw.escaped ? last_part(raw) : view(raw.begin, raw.end)); }

  void number(const char* begin, const char* end, NumberForm form) {
    if (form == NumberForm::integer && !PROSPERO_FAULT(T4_integers_become_doubles) &&
        (push_if_held<std::int64_t>(begin, end) || push_if_held<std::uint64_t>(begin, end)))
      return;
    const bool is_short = FLT_EVAL_METHOD == 0 && form == NumberForm::decimal && end - begin <= 16;
    stack_.push_double(is_short ? short_decimal(begin, end) : nearest_double(begin, end));
  }

  void literal(char first) {
    if (first == 'n') {
      stack_.push_null();
    } else {
      stack_.push_bool(first == 't');
    }
  }

  void object(std::size_t members) { stack_.push_object(members); }
  void array(std::size_t elements) { stack_.push_array(elements); }

  boost::json::value release() { return stack_.release(); }

 private:
  static boost::json::string_view view(const char* begin, const char* end) noexcept {
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  // Pushes all of an escaped string but what stands after the last escape.
  boost::json::string_view last_part(const RawString& raw) {
    const char* begin = raw.begin;
    for (const char* at = begin; at != raw.end;) {
      if (*at != '\\') {
        ++at;
        continue;
      }
      if (at != begin) stack_.push_chars(view(begin, at));
      const Unescaped one = read_escape(at);
      stack_.push_chars({one.utf8.data(), one.size});
      begin = at = one.next;
    }
    return view(begin, raw.end);
  }

  template <class Integer>
  bool push_if_held(const char* begin, const char* end) {
    Integer value = 0;
    if (std::from_chars(begin, end, value).ec != std::errc{}) return false;
    if constexpr (std::is_signed_v<Integer>) {
      stack_.push_int64(value);
    } else {
      stack_.push_uint64(value);
    }
    return true;
  }

  boost::json::value_stack stack_;
};

}  // namespace

std::unique_ptr<DomBlock, FreeDom> build_dom(const std::string& body, std::size_t begin, std::size_t size) {
  constexpr std::size_t deepest = 1000;
  // The DOM of an ordinary payload takes two to three times the bytes of its text.
  auto block = DomBlock::with_room_for(3 * size + 512);
  const DomBuilding building{*block};
  std::array<unsigned char, 16384> scratch;  // enough for the values pending in any body of a few KB
  DomSink sink{scratch.data(), scratch.size()};
  Grammar<DomSink> grammar{body.c_str() + begin, body.c_str() + body.size(), deepest, sink};
  if (!grammar.begins_with_value(size)) throw std::invalid_argument{"RawJson: its bytes are not one JSON value"};
  block->keep(sink.release());
  return block;
}

}  // namespace prospero::webhooks::detail
