/// @file
/// From an entity to an application's own type.
///
///   enum class Status { draft, sent, paid };
///   BOOST_DESCRIBE_ENUM(Status, draft, sent, paid)
///   struct MyInvoice { pw::Uuid id; Status status; std::optional<pw::Date> dueDate; };
///   BOOST_DESCRIBE_STRUCT(MyInvoice, (), (id, status, dueDate))
///
///   auto mine = pw::bind<MyInvoice>(push.data());   // boost::system::result<MyInvoice, ParseError>
///
/// Each described public member, inherited ones among them, takes the JSON member of its own name; what the JSON has
/// besides is ignored (T4). What a member may be:
///
///   bool; integers (a number that they hold exactly, 3.0 too); float, double (any finite number, rounded);
///   std::string; Uuid; Timestamp (read as RFC 3339); Date; TimeOfDay; an enumeration that is described, by name;
///   std::optional<T>: absent and null are both nullopt; every other member must be there;
///   another described struct; std::array (exactly as many); std::vector and the like; std::map<std::string, T> and the
///   like; boost::json::value, object, array, string;
///   any type with a tag_invoke for boost::json::value_to or try_value_to, which goes before its description.
#pragma once

#include <array>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/conversion.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/system/result.hpp>
#include <concepts>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bind_values.hpp"
#include "entity.hpp"
#include "error.hpp"
#include "payload.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {
namespace detail {

template <class T>
concept HasTryTagInvoke = requires(const boost::json::value& json) {
  { tag_invoke(boost::json::try_value_to_tag<T>{}, json) } -> std::convertible_to<boost::system::result<T>>;
};

template <class T>
concept HasTagInvoke = requires(const boost::json::value& json) {
  { tag_invoke(boost::json::value_to_tag<T>{}, json) } -> std::convertible_to<T>;
};

template <class T>
concept DescribedClass = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
concept OwnConversion = HasTryTagInvoke<T> || HasTagInvoke<T>;

template <class T>
concept MapLike = requires(T map) {
  typename T::mapped_type;
  requires std::constructible_from<typename T::key_type, std::string_view>;
  map.emplace(std::declval<typename T::key_type>(), std::declval<typename T::mapped_type>());
};

template <class T>
concept SequenceLike = requires(T sequence) {
  sequence.push_back(std::declval<typename T::value_type>());
};

/// Reads one value as T; nullopt with `failure` filled in.
template <class T>
std::optional<T> read(const boost::json::value& json, BindFailure& failure);

/// The application's value_to; what it throws is a malformed field.
template <class T>
std::optional<T> read_with_value_to(const boost::json::value& json, [[maybe_unused]] BindFailure& failure) {
#ifdef __cpp_exceptions
  try {
    return tag_invoke(boost::json::value_to_tag<T>{}, json);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return failure.is(PayloadErrc::field_malformed, error.what());
  }
#else
  return tag_invoke(boost::json::value_to_tag<T>{}, json);
#endif
}

template <class T>
std::optional<T> read_own(const boost::json::value& json, BindFailure& failure) {
  if constexpr (HasTryTagInvoke<T>) {
    boost::system::result<T> result = tag_invoke(boost::json::try_value_to_tag<T>{}, json);
    if (result) return std::move(*result);
    return failure.is(PayloadErrc::field_malformed, result.error().message());
  } else {
    return read_with_value_to<T>(json, failure);
  }
}

template <class Member>
bool read_member(const boost::json::object& json, const char* name, Member& member, BindFailure& failure) {
  const boost::json::value* const found = json.if_contains(name);
  std::optional<Member> value;
  if (found) {
    value = read<Member>(*found, failure);
  } else if constexpr (is_optional<Member>) {
    return true;
  } else {
    value = failure.is(PayloadErrc::field_missing);
  }
  if (!value) {
    failure.within(name);
    return false;
  }
  member = std::move(*value);
  return true;
}

template <class T>
std::optional<T> read_class(const boost::json::value& json, BindFailure& failure) {
  static_assert(std::is_default_constructible_v<T>, "bind<T>: a described struct must be default-constructible");
  using namespace boost::describe;
  const boost::json::object* const object = json.if_object();
  if (!object) return failure.is(PayloadErrc::field_wrong_type);
  T result{};
  bool good = true;
  boost::mp11::mp_for_each<describe_members<T, mod_public | mod_inherited>>(
      [&](auto member) { good = good && read_member(*object, member.name, result.*member.pointer, failure); });
  if (!good) return std::nullopt;
  return result;
}

template <class T>
std::optional<T> read_enum(const boost::json::value& json, BindFailure& failure) {
  const boost::json::string* const text = json.if_string();
  if (!text) return failure.is(PayloadErrc::field_wrong_type);
  T result{};
  if (boost::describe::enum_from_string(std::string{std::string_view{*text}}.c_str(), result)) return result;
  return failure.is(PayloadErrc::field_malformed);
}

template <class T>
std::optional<T> read_array(const boost::json::value& json, BindFailure& failure) {
  const boost::json::array* const array = json.if_array();
  if (!array) return failure.is(PayloadErrc::field_wrong_type);
  T result{};
  if (array->size() != result.size()) return failure.is(PayloadErrc::field_out_of_range);
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto element = read<typename T::value_type>((*array)[i], failure);
    if (!element) return failure.within(i);
    result[i] = std::move(*element);
  }
  return result;
}

template <class T>
std::optional<T> read_sequence(const boost::json::value& json, BindFailure& failure) {
  const boost::json::array* const array = json.if_array();
  if (!array) return failure.is(PayloadErrc::field_wrong_type);
  T result;
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto element = read<typename T::value_type>((*array)[i], failure);
    if (!element) return failure.within(i);
    result.push_back(std::move(*element));
  }
  return result;
}

template <class T>
std::optional<T> read_map(const boost::json::value& json, BindFailure& failure) {
  const boost::json::object* const object = json.if_object();
  if (!object) return failure.is(PayloadErrc::field_wrong_type);
  T result;
  for (const auto& [name, value] : *object) {
    auto element = read<typename T::mapped_type>(value, failure);
    if (!element) return failure.within_map();
    result.emplace(typename T::key_type(std::string_view{name}), std::move(*element));
  }
  return result;
}

template <class T>
std::optional<T> read(const boost::json::value& json, BindFailure& failure) {
  if constexpr (is_optional<T>) {
    if (json.is_null()) return T{};
    auto value = read<typename T::value_type>(json, failure);
    return value ? std::optional<T>{std::in_place, std::move(value)} : std::nullopt;
  } else if constexpr (DirectValue<T>) {
    return read_direct<T>(json, failure);
  } else if constexpr (OwnConversion<T>) {
    return read_own<T>(json, failure);
  } else if constexpr (DescribedClass<T>) {
    return read_class<T>(json, failure);
  } else if constexpr (DescribedEnum<T>) {
    return read_enum<T>(json, failure);
  } else if constexpr (is_std_array<T>) {
    return read_array<T>(json, failure);
  } else if constexpr (MapLike<T>) {
    return read_map<T>(json, failure);
  } else {
    static_assert(SequenceLike<T>,
                  "bind<T>: this type can be no member; describe it with BOOST_DESCRIBE_STRUCT or BOOST_DESCRIBE_ENUM, "
                  "or give it a tag_invoke for boost::json::value_to (see bind.hpp)");
    if constexpr (SequenceLike<T>) return read_sequence<T>(json, failure);
  }
}

}  // namespace detail

/// Whether T can stand for an entity: it is described, has its own tag_invoke, or is a map or boost::json::object.
template <class T>
inline constexpr bool is_bindable = detail::DescribedClass<T> || detail::OwnConversion<T> || detail::MapLike<T> ||
                                    std::is_same_v<T, boost::json::value> || std::is_same_v<T, boost::json::object>;

/// Any JSON value as T. Not an error: members of the JSON that T does not have (T4). Throws std::bad_alloc, and what
/// constructors and assignments of the application's types throw; what its value_to throws becomes
/// PayloadErrc::field_malformed with ParseError::detail(). Pure.
/// @param json is only read; nothing in the result leads into it
/// @param pointer where `json` stands in the body, for errors
/// @return the T; else a code of PayloadCondition::does_not_fit and the pointer of the member in question (of the map,
/// for an entry of a map)
template <class T>
boost::system::result<T, ParseError> bind(const boost::json::value& json, std::string_view pointer = {}) {
  static_assert(is_bindable<T>,
                "bind<T>: T must be described with BOOST_DESCRIBE_STRUCT or have a tag_invoke for "
                "boost::json::value_to (see bind.hpp)");
  if constexpr (is_bindable<T>) {
    detail::BindFailure failure;
    std::optional<T> value = detail::read<T>(json, failure);
    if (value) return std::move(*value);
    return std::move(failure).error(pointer);
  }
}

/// An entity as T. Builds fields() if that has not happened: not for two threads at once on one object.
/// @param entity the affected entity of a push
/// @return as above, pointers from "/data" on
template <class T>
boost::system::result<T, ParseError> bind(const Entity& entity) {
  return bind<T>(entity.json().value(), "/data");
}

/// The data of a webhook event that this version does not know (E10) as T. For threads as above.
/// @param payload the push
/// @return as above, pointers from "/data" on
template <class T>
boost::system::result<T, ParseError> bind(const UnknownPayload& payload) {
  return bind<T>(payload.data(), "/data");
}

}  // namespace prospero::webhooks

#pragma GCC visibility pop
