// Has Prospero gone silent? A webhook that was disabled (X1) looks like nothing at all from here.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace consumer {

/// look() is for one thread, is_silent() for any.
class SilenceAlarm {
 public:
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;

  /// `every`: a longer time without a push is an alarm. `source`: label of the webhook's path, may be empty.
  SilenceAlarm(std::chrono::milliseconds every, Time started_at, const std::string& source = "");

  /// The line to log now, if any: when the silence has become too long (but not within ten minutes of the start, or
  /// `every` if that is less: the first pushes have to find their way), again after each further `every`, and when it
  /// is over. `last_push`: the start, if there never was one. A start that is still to come at `now` is of a clock that
  /// was ahead and is set back: it is taken for `now`.
  std::optional<std::string> look(Time now, Time last_push);

  bool is_silent() const noexcept { return silent_; }

 private:
  const std::chrono::milliseconds every_;
  Time started_at_;
  const std::string from_source_;
  Time next_line_{};
  std::atomic<bool> silent_ = false;
};

}  // namespace consumer
