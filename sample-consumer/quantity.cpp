#include "quantity.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "config.hpp"

namespace consumer {
namespace {

using Unit = std::pair<std::string_view, std::int64_t>;

constexpr Unit milliseconds_of[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit bytes_of[] = {{"", 1}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20}, {"GiB", 1LL << 30}, {"TiB", 1LL << 40}};

/// Nothing when it is no number with one of the units, or too large.
template <std::size_t N>
std::optional<std::int64_t> number_in(std::string_view text, const Unit (&units)[N]) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [unit, factor] : units) {
    std::int64_t product = 0;
    if (unit == name && !__builtin_mul_overflow(number, factor, &product)) return product;
  }
  return std::nullopt;
}

/// The sum; nothing when a part is no number with a unit, or when it is too long for a clock to be added to.
std::optional<std::int64_t> sum_of_milliseconds(std::string_view text) {
  constexpr std::int64_t sum_max = 36'500 * 86'400'000LL;
  constexpr std::string_view digits = "0123456789";
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find_first_of(digits, text.find_first_not_of(digits)));
    const auto number = number_in(part, milliseconds_of);
    if (!number || *number > sum_max - sum) return std::nullopt;
    sum += *number;
    text.remove_prefix(part.size());
  }
  return sum;
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text, std::string_view flag, std::chrono::milliseconds min) {
  const auto found = sum_of_milliseconds(text);
  if (!found)
    throw ConfigError(fmt::format(
        "{} {}: give whole numbers with d, h, m, s or ms, such as 24h or 7h2m; at most 36500d", flag, text));
  const std::chrono::milliseconds duration(*found);
  if (duration < min) throw ConfigError(fmt::format("{} {}: at least {} ms", flag, text, min.count()));
  return duration;
}

std::uint64_t parse_size(std::string_view text, std::string_view flag) {
  const auto found = number_in(text, bytes_of);
  if (!found || *found == 0)
    throw ConfigError(
        fmt::format("{} {}: give a whole number of bytes, or with KiB, MiB, GiB, such as 16MiB", flag, text));
  return static_cast<std::uint64_t>(*found);
}

std::string to_text(std::chrono::seconds duration) {
  const auto s = duration.count();
  if (s < 120) return fmt::format("{} s", s);
  if (s < 2 * 3'600) return fmt::format("{} min", s / 60);
  if (s < 2 * 86'400) return fmt::format("{} h {} min", s / 3'600, s / 60 % 60);
  return fmt::format("{} d {} h", s / 86'400, s / 3'600 % 24);
}

std::string size_to_text(std::uint64_t bytes) {
  constexpr std::uint64_t mib = 1u << 20;
  return bytes < 10 * mib ? fmt::format("{} KiB", bytes >> 10) : fmt::format("{} MiB", bytes / mib);
}

}  // namespace consumer
