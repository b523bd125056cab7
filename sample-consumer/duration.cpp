#include "duration.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "config.hpp"

namespace consumer {
namespace {

constexpr long long value_max = 1'000'000'000;

std::optional<long long> milliseconds_of(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1'000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  if (unit == "d") return 86'400'000;
  return std::nullopt;
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text, const std::string& flag) {
  const auto refuse = [&] {
    return ConfigError(
        fmt::format("{} {}: give numbers with the units d, h, m, s or ms, such as 7d or 7h2m", flag, text));
  };
  if (text.empty()) throw refuse();
  long long total = 0;
  for (std::string_view rest = text; !rest.empty();) {
    long long value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{} || value < 0 || value > value_max) throw refuse();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view unit = rest.substr(0, rest.find_first_of("0123456789"));
    const auto factor = milliseconds_of(unit);
    if (!factor) throw refuse();
    total += value * *factor;
    rest.remove_prefix(unit.size());
  }
  return std::chrono::milliseconds(total);
}

}  // namespace consumer
