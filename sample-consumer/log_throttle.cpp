#include "log_throttle.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace consumer {
namespace {

constexpr std::size_t causes_max = 32;
const std::string other_causes = "other causes";

}  // namespace

LogThrottle::LogThrottle(std::chrono::seconds every, std::function<void(const std::string&)> write)
    : every_(every), write_(std::move(write)) {}

void LogThrottle::tell(const std::string& cause, const std::string& told, Clock::time_point now) {
  std::string line = told;
  {
    const std::lock_guard hold(mutex_);
    const bool known = causes_.contains(cause) || causes_.size() < causes_max;
    Entry& entry = causes_[known ? cause : other_causes];
    if (now < entry.silent_until) {
      ++entry.left_out;
      return;
    }
    if (entry.left_out > 0) line += fmt::format(" (and {} times since the last such line)", entry.left_out);
    entry = {now + every_, 0};
  }
  write_(line);
}

void LogThrottle::flush(Clock::time_point now) {
  std::vector<std::string> lines;
  {
    const std::lock_guard hold(mutex_);
    for (auto it = causes_.begin(); it != causes_.end();) {
      auto& [cause, entry] = *it;
      if (now < entry.silent_until) {
        ++it;
      } else if (entry.left_out == 0) {
        it = causes_.erase(it);
      } else {
        lines.push_back(fmt::format("{} ({} times in {} s)", cause, entry.left_out, every_.count()));
        entry = {now + every_, 0};
        ++it;
      }
    }
  }
  for (const auto& line : lines) write_(line);
}

}  // namespace consumer
