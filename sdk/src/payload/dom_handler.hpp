// What build_dom() does with each token. Only for json_passes.cpp.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace prospero::webhooks::detail {

/// As boost::json::parser builds it, but for numbers with a fraction or an exponent: those come out as the nearest
/// double, and a zero with a huge exponent as 0 instead of no number at all.
class DomHandler {
 public:
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  DomHandler(unsigned char* scratch, std::size_t scratch_size, boost::json::storage_ptr storage)
      : stack_({}, scratch, scratch_size) {
    stack_.reset(std::move(storage));
  }

  boost::json::value release() { return stack_.release(); }

  using Error = boost::json::error_code;
  using View = boost::json::string_view;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_object_end(std::size_t n, Error&) { return stack_.push_object(n), true; }
  bool on_array_end(std::size_t n, Error&) { return stack_.push_array(n), true; }
  bool on_key_part(View s, std::size_t, Error&) { return stack_.push_chars(s), true; }
  bool on_key(View s, std::size_t, Error&) { return stack_.push_key(s), true; }
  bool on_string_part(View s, std::size_t, Error&) { return stack_.push_chars(s), true; }
  bool on_string(View s, std::size_t, Error&) { return stack_.push_string(s), true; }
  bool on_number_part(View, Error&) { return true; }
  bool on_int64(std::int64_t n, View, Error&) { return stack_.push_int64(n), true; }
  bool on_uint64(std::uint64_t n, View, Error&) { return stack_.push_uint64(n), true; }
  bool on_double(double rough, View text, Error&) { return stack_.push_double(nearest(rough, text)), true; }
  bool on_bool(bool b, Error&) { return stack_.push_bool(b), true; }
  bool on_null(Error&) { return stack_.push_null(), true; }
  bool on_comment_part(View, Error&) { return true; }
  bool on_comment(View, Error&) { return true; }

 private:
  // `rough` has the right sign and is right to within a few units in the last place, or tells the side of the range
  // that `text` is beyond.
  static double nearest(double rough, View text) noexcept {
    double exact = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (read.ec == std::errc{}) return exact;
    const double beyond = std::abs(rough) < 1 ? 0.0 : std::numeric_limits<double>::infinity();
    return std::copysign(beyond, rough);
  }

  boost::json::value_stack stack_;
};

}  // namespace prospero::webhooks::detail
