/// @file
/// The small values of Prospero's data (T1, T2): UUIDs, date-times, dates, times of day. Plain values without
/// invariants beyond their documented ranges; all functions are pure, thread-safe, and report bad text as nullopt,
/// never by a throw.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// A UUID (T1). Its text form is 8-4-4-4-12 hex digits: read in any case, written in lower case. Braces, `urn:uuid:`
/// and forms without hyphens are not read.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};  ///< in the order of the text

  /// @param text the text form and nothing else
  /// @return nullopt for any other text
  static std::optional<Uuid> from_text(std::string_view text) noexcept;

  /// Prospero promises 1 (T1); any version is accepted.
  /// @return the version digit, 0 to 15
  int version() const noexcept { return bytes[6] >> 4; }

  /// By `bytes`: that of the text forms in lower case, not that of the times in them.
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// Throws std::bad_alloc.
/// @param uuid any
/// @return 36 characters, lower case
std::string to_text(const Uuid& uuid);

/// An instant in UTC, kept to the nanosecond and compared exactly, of the years 0000 to 9999.
struct Timestamp {
  std::int64_t seconds = 0;       ///< since 1970-01-01T00:00:00Z, without leap seconds
  std::uint32_t nanoseconds = 0;  ///< 0 to 999'999'999, always forward from `seconds`

  /// The form of T2 and no other.
  /// @param text `YYYY-MM-DDThh:mm:ssZ`
  /// @return nullopt for any other text, and for a day or time that does not exist
  static std::optional<Timestamp> from_text(std::string_view text) noexcept;

  /// RFC 3339, which has T2 as one of its forms: any number of fraction digits (those after the ninth are dropped),
  /// any offset, `t` and `z`, a space for `T`. A leap second (`:60`) is not read, nor an instant whose offset moves it
  /// out of the years 0000 to 9999.
  /// @param text the date-time and nothing else
  /// @return nullopt for any other text
  static std::optional<Timestamp> from_rfc3339(std::string_view text) noexcept;

  /// @param time of the years 0000 to 9999
  /// @return the same, rounded down to the nanosecond
  template <class Duration>
  static constexpr Timestamp from_time(std::chrono::sys_time<Duration> time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(time - whole);
    return {whole.time_since_epoch().count(), static_cast<std::uint32_t>(rest.count())};
  }

  /// Nanoseconds since 1970 would not hold all of these years.
  /// @return the same, rounded down to the second
  constexpr std::chrono::sys_seconds to_time() const noexcept {
    return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
  }

  /// By time, to the nanosecond.
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// Throws std::bad_alloc.
/// @param time of the years 0000 to 9999
/// @return the form of T2; with a fraction, as short as it can be, only if there are nanoseconds
std::string to_text(const Timestamp& time);

/// A day without a time (T2), of the proleptic Gregorian calendar.
struct Date {
  std::int32_t year = 1970;  ///< 0 to 9999
  std::uint8_t month = 1;    ///< 1 to 12
  std::uint8_t day = 1;      ///< 1 to the month's last

  /// @param text `YYYY-MM-DD` and nothing else
  /// @return nullopt for any other text, and for a day that does not exist
  static std::optional<Date> from_text(std::string_view text) noexcept;

  /// @return the same day
  constexpr std::chrono::year_month_day to_calendar() const noexcept {
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  }

  /// By day.
  friend auto operator<=>(const Date&, const Date&) = default;
};

/// Throws std::bad_alloc.
/// @param date within the documented ranges
/// @return `YYYY-MM-DD`
std::string to_text(const Date& date);

/// A time of day without a date or a time zone (T2).
struct TimeOfDay {
  std::uint8_t hour = 0;    ///< 0 to 23
  std::uint8_t minute = 0;  ///< 0 to 59
  std::uint8_t second = 0;  ///< 0 to 59

  /// @param text `hh:mm:ss` and nothing else
  /// @return nullopt for any other text, and for a time that does not exist
  static std::optional<TimeOfDay> from_text(std::string_view text) noexcept;

  /// @return 0 to 86'399 seconds
  constexpr std::chrono::seconds since_midnight() const noexcept {
    return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
  }

  /// By time.
  friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

/// Throws std::bad_alloc.
/// @param time within the documented ranges
/// @return `hh:mm:ss`
std::string to_text(const TimeOfDay& time);

}  // namespace prospero::webhooks

/// For unordered containers. Not keyed: whoever chooses the UUIDs can make them collide.
template <>
struct std::hash<prospero::webhooks::Uuid> {
  /// @param uuid any
  /// @return equal for equal UUIDs
  std::size_t operator()(const prospero::webhooks::Uuid& uuid) const noexcept;
};

#pragma GCC visibility pop
