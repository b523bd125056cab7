#include <bit>
#include <cstdio>
#include <cstring>
#include <prospero/webhooks/payload/types.hpp>

#include "hex.hpp"

#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

// Whether `text` begins with a digit for each 0 of `form`, and with what else stands there.
template <std::size_t N>
bool has_form(std::string_view text, const char (&form)[N]) noexcept {
  constexpr std::size_t size = N - 1;
  if (text.size() < size) return false;
  unsigned wrong = 0;  // without branches, all bytes are looked at at once
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    wrong |= form[i] == '0' ? static_cast<unsigned>(digit > 9) : static_cast<unsigned>(text[i] != form[i]);
  }
  return wrong == 0;
}

// Reads a text from its front; the first thing that does not match makes everything that follows fail.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  // What comes, if it is of that form; else null.
  template <std::size_t N>
  const char* form(const char (&form)[N]) noexcept {
    if (!has_form(rest_, form)) return fail(), nullptr;
    const char* const at = rest_.data();
    rest_.remove_prefix(N - 1);
    return at;
  }

  // One of `accepted`; the character that came.
  char any_of(std::string_view accepted) noexcept {
    if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) return fail(), '\0';
    return take();
  }

  bool next_is_digit() const noexcept { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool next_is(char c) const noexcept { return !rest_.empty() && rest_.front() == c; }
  int digit() noexcept { return next_is_digit() ? take() - '0' : (fail(), 0); }
  bool ok_to_the_end() const noexcept { return ok_ && rest_.empty(); }

 private:
  char take() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void fail() noexcept {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Two digits, or four, that are known to be digits.
int two(const char* at) noexcept {
  return (at[0] - '0') * 10 + (at[1] - '0');
}
int four(const char* at) noexcept {
  return two(at) * 100 + two(at + 2);
}

// `at` has the form 0000-00-00.
Date date_at(const char* at) noexcept {
  return {four(at), static_cast<std::uint8_t>(two(at + 5)), static_cast<std::uint8_t>(two(at + 8))};
}

// `at` has the form 00:00:00.
TimeOfDay time_at(const char* at) noexcept {
  return {static_cast<std::uint8_t>(two(at)), static_cast<std::uint8_t>(two(at + 3)),
          static_cast<std::uint8_t>(two(at + 6))};
}

Date read_date(Reader& reader) noexcept {
  const char* const at = reader.form("0000-00-00");
  return at ? date_at(at) : Date{};
}

TimeOfDay read_time(Reader& reader) noexcept {
  const char* const at = reader.form("00:00:00");
  return at ? time_at(at) : TimeOfDay{};
}

bool exists(const TimeOfDay& time) noexcept {
  return time.hour < 24 && time.minute < 60 && time.second < 60;
}
bool exists(const Date& date) noexcept {
  return date.to_calendar().ok() || PROSPERO_FAULT(T2_days_that_do_not_exist_are_read);
}

Timestamp combined(const Date& date, const TimeOfDay& time) noexcept {
  const std::chrono::sys_seconds midnight = std::chrono::sys_days{date.to_calendar()};
  return Timestamp{(midnight + time.since_midnight()).time_since_epoch().count(), 0};
}

// What follows the point; 0 when nothing does.
std::uint32_t read_fraction(Reader& reader) noexcept {
  if (!reader.next_is('.')) return 0;
  reader.any_of(".");
  std::uint32_t nanoseconds = 0;
  std::uint32_t unit = 100'000'000;
  nanoseconds += static_cast<std::uint32_t>(reader.digit()) * unit;
  while (reader.next_is_digit()) {
    unit /= 10;
    nanoseconds += static_cast<std::uint32_t>(reader.digit()) * unit;
  }
  return PROSPERO_FAULT(T2_fraction_is_dropped) ? 0 : nanoseconds;
}

// Seconds that local time is ahead of UTC; nullopt when the offset does not exist.
std::optional<int> read_offset(Reader& reader) noexcept {
  const char sign = reader.any_of("Zz+-");
  if (sign == 'Z' || sign == 'z') return 0;
  const char* const at = reader.form("00:00");
  if (!at) return std::nullopt;
  const int hours = two(at);
  const int minutes = two(at + 3);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const int seconds = (hours * 60 + minutes) * 60;
  return sign == '-' ? -seconds : seconds;
}

// Eight characters of a form: a digit for each 0, and what else stands there.
class EightOfForm {
 public:
  constexpr explicit EightOfForm(std::string_view form) noexcept {
    std::array<char, 8> characters{};
    std::array<char, 8> slack{};
    for (std::size_t i = 0; i < characters.size(); ++i) {
      characters[i] = form[i];
      slack[i] = form[i] == '0' ? 0x7F - 9 : 0x7F;
    }
    characters_ = std::bit_cast<std::uint64_t>(characters);
    slack_ = std::bit_cast<std::uint64_t>(slack);
  }

  // Whether the eight characters at `at` have the form. Of what differs from it, a digit in its value and all else not
  // at all, each byte is looked at in one step: more than its slack carries into the byte's highest bit.
  bool holds(const char* at) const noexcept {
    std::uint64_t found;
    std::memcpy(&found, at, sizeof found);
    const std::uint64_t difference = found ^ characters_;
    return ((difference | (difference + slack_)) & 0x8080'8080'8080'8080) == 0;
  }

 private:
  std::uint64_t characters_;
  std::uint64_t slack_;
};

bool is_t2(std::string_view text) noexcept {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  constexpr EightOfForm first{form};
  constexpr EightOfForm second{form.substr(8)};
  constexpr EightOfForm last{form.substr(12)};
  const char* const at = text.data();
  return text.size() == form.size() && first.holds(at) && second.holds(at + 8) && last.holds(at + 12);
}

// `at` has the form 0000-00-00T00:00:00Z.
std::optional<Timestamp> from_t2(const char* at) noexcept {
  const Date date = date_at(at);
  const TimeOfDay time = time_at(at + 11);
  if (!exists(date) || !exists(time)) return std::nullopt;
  return combined(date, time);
}

constexpr std::int64_t first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

std::optional<Timestamp> from_other_rfc3339(std::string_view text) noexcept {
  Reader reader{text};
  const Date date = read_date(reader);
  reader.any_of("Tt ");
  const TimeOfDay time = read_time(reader);
  const std::uint32_t nanoseconds = read_fraction(reader);
  const std::optional<int> offset = read_offset(reader);
  if (!reader.ok_to_the_end() || !offset || !exists(date) || !exists(time)) return std::nullopt;
  const int ahead = PROSPERO_FAULT(T2_offset_is_added) ? -*offset : *offset;
  const Timestamp result{combined(date, time).seconds - ahead, nanoseconds};
  if (result.seconds < first_second || result.seconds > last_second) return std::nullopt;
  return result;
}

// Prints like printf into a string; the text forms here are all short.
template <class... Args>
std::string printed(const char* format, Args... args) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return std::string(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace

std::optional<Uuid> Uuid::from_text(std::string_view text) noexcept {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid uuid;
  if (!detail::read_uuid(text.data(), uuid.bytes) && !PROSPERO_FAULT(T1_id_may_have_other_digits)) return std::nullopt;
  return uuid;
}

std::string to_text(const Uuid& uuid) {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    detail::append_hex(text, uuid.bytes[i]);
  }
  return text;
}

std::optional<Timestamp> Timestamp::from_text(std::string_view text) noexcept {
  return is_t2(text) ? from_t2(text.data()) : std::nullopt;
}

std::optional<Timestamp> Timestamp::from_rfc3339(std::string_view text) noexcept {
  return is_t2(text) ? from_t2(text.data()) : from_other_rfc3339(text);
}

std::string to_text(const Timestamp& time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time.to_time());
  const std::chrono::year_month_day day{midnight};
  const std::chrono::hh_mm_ss clock{time.to_time() - midnight};
  std::string text =
      printed("%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
              static_cast<unsigned>(day.day()), static_cast<int>(clock.hours().count()),
              static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  if (time.nanoseconds != 0) {
    text += printed(".%09u", static_cast<unsigned>(time.nanoseconds));
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

std::optional<Date> Date::from_text(std::string_view text) noexcept {
  Reader reader{text};
  const Date date = read_date(reader);
  if (!reader.ok_to_the_end() || !exists(date)) return std::nullopt;
  return date;
}

std::string to_text(const Date& date) {
  return printed("%04d-%02u-%02u", static_cast<int>(date.year), static_cast<unsigned>(date.month),
                 static_cast<unsigned>(date.day));
}

std::optional<TimeOfDay> TimeOfDay::from_text(std::string_view text) noexcept {
  Reader reader{text};
  const TimeOfDay time = read_time(reader);
  if (!reader.ok_to_the_end() || !exists(time)) return std::nullopt;
  return time;
}

std::string to_text(const TimeOfDay& time) {
  return printed("%02u:%02u:%02u", static_cast<unsigned>(time.hour), static_cast<unsigned>(time.minute),
                 static_cast<unsigned>(time.second));
}

}  // namespace prospero::webhooks

std::size_t std::hash<prospero::webhooks::Uuid>::operator()(const prospero::webhooks::Uuid& uuid) const noexcept {
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), uuid.bytes.data(), uuid.bytes.size());
  return std::hash<std::uint64_t>{}(halves[0] ^ (halves[1] * 0x9e3779b97f4a7c15));
}
