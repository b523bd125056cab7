/// @file
/// Why bytes are not a push, or an entity does not fit an application's type: one code each, grouped by conditions.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// What is wrong. Where several things are, the first of this order is told: the size, a byte order mark, invalid
/// UTF-8 anywhere, the first byte at which the text stops being JSON or gets too deep, then the shape of a push in the
/// order of its codes below.
enum class PayloadErrc {
  // A limit (ParseLimits); PayloadCondition::over_limit.
  too_large = 1,  ///< more bytes than `bytes_max`; nothing was read
  too_deep,       ///< more containers within each other than `depth_max`

  // Not a JSON text in UTF-8 (RFC 8259); PayloadCondition::not_json.
  syntax,           ///< a byte that cannot stand where it stands
  incomplete,       ///< the text ends too early; also no bytes at all
  trailing_bytes,   ///< something follows the JSON text
  byte_order_mark,  ///< the bytes begin with EF BB BF
  invalid_utf8,     ///< overlong forms, raw surrogates, above U+10FFFF and cut sequences among them

  // JSON, but not a push (D1, T1); PayloadCondition::not_a_push.
  not_an_object,       ///< the outermost value is no object
  event_missing,       ///< no member `event`
  event_repeated,      ///< a second `event`, whatever it says and however its name is escaped
  event_not_a_string,  ///< `event` is no string
  data_missing,        ///< no member `data`
  data_repeated,       ///< a second `data`
  data_not_an_object,  ///< `data` of a known webhook event is no object
  id_missing,          ///< no `id` in the `data` of a known webhook event
  id_repeated,         ///< a second `id` in the `data` of a known webhook event
  id_not_a_string,     ///< that `id` is no string
  id_not_a_uuid,       ///< that `id` is not of the form 8-4-4-4-12 hex digits

  // A good push whose `data` does not fit the application's own type (bind.hpp); PayloadCondition::does_not_fit.
  field_missing,       ///< a member that the type needs is absent
  field_wrong_type,    ///< another kind of JSON value than the type needs
  field_out_of_range,  ///< a number that the type cannot hold exactly, or a sequence of the wrong length
  field_malformed,     ///< a string that is no such UUID, date-time, date, time or enumerator
};

/// Groups of PayloadErrc, to compare an error code with.
enum class PayloadCondition {
  over_limit = 1,  ///< ParseLimits forbid it
  not_json,        ///< no JSON text in UTF-8
  not_a_push,      ///< JSON, but not what D1 and T1 promise
  does_not_fit,    ///< a good push, which the application's own type cannot hold
};

/// The category of PayloadErrc. Its name is "prospero.payload"; messages are one line in English, without payload
/// contents. Thread-safe.
/// @return the one object; it lives as long as the program
const boost::system::error_category& payload_category() noexcept;

/// What makes a PayloadErrc convertible to an error code. Thread-safe.
/// @param code any of them
/// @return it, in payload_category()
boost::system::error_code make_error_code(PayloadErrc code) noexcept;

/// What makes error codes comparable with a PayloadCondition. Thread-safe.
/// @param condition any of them
/// @return it, in a category of its own
boost::system::error_condition make_error_condition(PayloadCondition condition) noexcept;

/// The group of a code. Thread-safe.
/// @param code any of them
/// @return the one condition that equals it
PayloadCondition condition_of(PayloadErrc code) noexcept;

/// A failure with its place. A value: copies are independent, const members may be called from any thread.
class ParseError {
 public:
  /// No failure: what error() of a result with a value gives.
  ParseError() noexcept = default;
  /// parse() and bind() make them; tests may too.
  /// @param code what is wrong
  /// @param offset see offset()
  /// @param pointer see pointer()
  /// @param detail see detail()
  ParseError(PayloadErrc code, std::size_t offset, std::string pointer = {}, std::string detail = {});

  /// @return what is wrong; compares with PayloadErrc and PayloadCondition; no error for a ParseError without a failure
  boost::system::error_code code() const noexcept { return code_; }
  /// @return the same, for a switch; no enumerator for a ParseError without a failure
  PayloadErrc errc() const noexcept { return static_cast<PayloadErrc>(code_.value()); }

  /// Where it is wrong.
  /// @return the byte, counted from 0 within the whole body, of which the code speaks: the first that cannot stand
  /// there; for a repeated member the opening quote of its second name; for a value of the wrong kind its first byte;
  /// for a missing member the first byte of the object that lacks it; for `incomplete` the number of bytes; for
  /// `too_large` the limit. 0 when a member of an application's type does not fit: see pointer().
  std::size_t offset() const noexcept { return offset_; }

  /// @return JSON pointer (RFC 6901) within the body, "/data/id" for instance, that names the member; empty when the
  /// body as a whole is meant
  const std::string& pointer() const noexcept { return pointer_; }

  /// @return what the application's own conversion said when it refused a member (bind.hpp); else empty
  const std::string& detail() const noexcept { return detail_; }

  /// For a log. Never holds contents of the payload, unless the application's own conversion puts them into its
  /// message.
  /// @return one line: the message of the code, the place, the detail
  std::string message() const;

  /// Whether code, place and detail are equal.
  friend bool operator==(const ParseError&, const ParseError&) = default;

 private:
  boost::system::error_code code_;
  std::size_t offset_ = 0;
  std::string pointer_;
  std::string detail_;
};

/// Thrown where a failure has no other way out: value() of a result that has none, a dispatch to a handler whose type
/// the entity does not fit.
class PayloadException : public std::runtime_error {
 public:
  /// what() is ParseError::message().
  /// @param error the failure
  explicit PayloadException(ParseError error);
  /// @return the failure; it lives as long as this object
  const ParseError& error() const noexcept { return error_; }

 private:
  ParseError error_;
};

/// What boost::system::result calls from value(). Throws PayloadException, always.
/// @param error goes into the exception
/// @param where the caller; left out of the exception
[[noreturn]] void throw_exception_from_error(const ParseError& error, const boost::source_location& where);

}  // namespace prospero::webhooks

/// @cond  how Boost.System is told
template <>
struct boost::system::is_error_code_enum<prospero::webhooks::PayloadErrc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<prospero::webhooks::PayloadCondition> : std::true_type {};
/// @endcond

#pragma GCC visibility pop
