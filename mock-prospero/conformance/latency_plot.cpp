#include "conformance/latency_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "contract/values.hpp"

namespace mock::conformance {
namespace {

constexpr double width = 640, height = 120, left = 48, floor_ms = 1, ceiling_ms = 10'000;
constexpr std::size_t dots_max = 1000;

double milliseconds(delivery::Duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double y_of(double ms) {
  const auto part = std::log10(std::clamp(ms, floor_ms, ceiling_ms) / floor_ms) / std::log10(ceiling_ms / floor_ms);
  return height - part * height;
}

std::string level(double ms, std::string_view name, std::string_view style) {
  return fmt::format(
      "<line class=\"{0}\" x1=\"{1}\" x2=\"{2}\" y1=\"{3:.1f}\" y2=\"{3:.1f}\"/><text x=\"0\" "
      "y=\"{4:.1f}\">{5}</text>",
      style, left, width, y_of(ms), y_of(ms) + 4, name);
}

}  // namespace

std::string latency_plot(std::span<const delivery::Duration> latencies) {
  auto out = fmt::format(
      "<svg class=\"plot\" viewBox=\"0 -8 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"time of each answer\">",
      width, height + 16);
  constexpr std::array<std::pair<double, std::string_view>, 4> levels{
      {{1, "1 ms"}, {10, "10 ms"}, {100, "100 ms"}, {1000, "1 s"}}};
  for (const auto& [ms, name] : levels) out += level(ms, name, "grid");
  out += level(milliseconds(contract::answer_within), "5 s", "limit");
  const auto step = (latencies.size() + dots_max - 1) / dots_max;
  for (std::size_t i = 0; i < latencies.size(); i += std::max<std::size_t>(step, 1)) {
    const auto x = left + (width - left - 8) * static_cast<double>(i + 1) / static_cast<double>(latencies.size() + 1);
    out +=
        fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\"/>", x, y_of(milliseconds(latencies[i])));
  }
  return out + "</svg>";
}

std::string latency_text(std::span<const delivery::Duration> latencies) {
  std::vector<delivery::Duration> sorted(latencies.begin(), latencies.end());
  std::ranges::sort(sorted);
  const auto at = [&](std::size_t percent) {
    return std::llround(milliseconds(sorted[(sorted.size() - 1) * percent / 100]));
  };
  return fmt::format("p50 {} ms, p99 {} ms, max {} ms", at(50), at(99), at(100));
}

}  // namespace mock::conformance
