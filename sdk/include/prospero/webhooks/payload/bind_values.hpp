/// @file
/// The values that bind() (bind.hpp) reads without looking inside them. Applications do not need this header.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "error.hpp"
#include "types.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks::detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T, class... Others>
inline constexpr bool is_one_of = (std::is_same_v<T, Others> || ...);

template <class T>
inline constexpr bool is_character = is_one_of<T, char, wchar_t, char8_t, char16_t, char32_t>;

template <class T>
concept DirectValue = (std::is_arithmetic_v<T> && !is_character<T>) ||
                      is_one_of<T, std::string, Uuid, Timestamp, Date, TimeOfDay, boost::json::value,
                                boost::json::object, boost::json::array, boost::json::string>;

/// What went wrong, and the path to it, which grows from its end while the calls return.
class BindFailure {
 public:
  std::nullopt_t is(PayloadErrc code, std::string detail = {});

  /// The failure is within this member, this element, an entry of this map.
  std::nullopt_t within(std::string_view name);
  std::nullopt_t within(std::size_t index);
  std::nullopt_t within_map();

  ParseError error(std::string_view pointer) &&;

 private:
  PayloadErrc code_ = PayloadErrc::field_malformed;
  std::string path_;
  std::string detail_;
};

// Nullopt with `failure` filled in for another kind of value, or one that T cannot hold.
std::optional<bool> read_bool(const boost::json::value& json, BindFailure& failure);
std::optional<double> read_double(const boost::json::value& json, BindFailure& failure);
std::optional<std::int64_t> read_signed(const boost::json::value& json, BindFailure& failure);
std::optional<std::uint64_t> read_unsigned(const boost::json::value& json, BindFailure& failure);
std::optional<std::string_view> read_text(const boost::json::value& json, BindFailure& failure);

template <class T>
std::optional<T> read_integer(const boost::json::value& json, BindFailure& failure) {
  if constexpr (std::is_signed_v<T>) {
    const auto wide = read_signed(json, failure);
    if (!wide) return std::nullopt;
    if (std::in_range<T>(*wide)) return static_cast<T>(*wide);
  } else {
    const auto wide = read_unsigned(json, failure);
    if (!wide) return std::nullopt;
    if (std::in_range<T>(*wide)) return static_cast<T>(*wide);
  }
  return failure.is(PayloadErrc::field_out_of_range);
}

template <class T>
std::optional<T> read_floating(const boost::json::value& json, BindFailure& failure) {
  const auto wide = read_double(json, failure);
  if (!wide) return std::nullopt;
  if (*wide > static_cast<double>(std::numeric_limits<T>::max()) ||
      *wide < static_cast<double>(std::numeric_limits<T>::lowest())) {
    return failure.is(PayloadErrc::field_out_of_range);
  }
  return static_cast<T>(*wide);
}

template <class T>
std::optional<T> read_formatted(const boost::json::value& json, BindFailure& failure) {
  const auto text = read_text(json, failure);
  if (!text) return std::nullopt;
  std::optional<T> value;
  if constexpr (std::is_same_v<T, Timestamp>) {
    value = Timestamp::from_rfc3339(*text);
  } else {
    value = T::from_text(*text);
  }
  if (!value) failure.is(PayloadErrc::field_malformed);
  return value;
}

// `found` is null where the value is of another kind.
template <class T>
std::optional<T> copied(const T* found, BindFailure& failure) {
  if (found) return *found;
  return failure.is(PayloadErrc::field_wrong_type);
}

template <DirectValue T>
std::optional<T> read_direct(const boost::json::value& json, BindFailure& failure) {
  if constexpr (std::is_same_v<T, bool>) {
    return read_bool(json, failure);
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer<T>(json, failure);
  } else if constexpr (std::is_floating_point_v<T>) {
    return read_floating<T>(json, failure);
  } else if constexpr (std::is_same_v<T, std::string>) {
    const auto text = read_text(json, failure);
    return text ? std::optional<T>{*text} : std::nullopt;
  } else if constexpr (std::is_same_v<T, boost::json::value>) {
    return json;
  } else if constexpr (std::is_same_v<T, boost::json::object>) {
    return copied(json.if_object(), failure);
  } else if constexpr (std::is_same_v<T, boost::json::array>) {
    return copied(json.if_array(), failure);
  } else if constexpr (std::is_same_v<T, boost::json::string>) {
    return copied(json.if_string(), failure);
  } else {
    return read_formatted<T>(json, failure);
  }
}

}  // namespace prospero::webhooks::detail

#pragma GCC visibility pop
