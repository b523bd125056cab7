// When the last push came by each label, over restarts and a clock that is set back.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace consumer {

/// Thread-safe.
class LastPushes {
 public:
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;
  using Times = std::map<std::string, Time>;  ///< by label

  /// `before`: of an earlier run.
  explicit LastPushes(Times before) : before_(std::move(before)) {}

  /// All of them, given those of this run. One of the earlier run that is still to come at `now` is of a clock that was
  /// ahead: from then on it counts as having come at this `now`.
  Times with(Times newer, Time now) {
    const std::lock_guard hold(mutex_);
    for (auto& [label, at] : before_) at = std::min(at, now);
    newer.insert(before_.begin(), before_.end());
    return newer;
  }

 private:
  std::mutex mutex_;
  Times before_;
};

}  // namespace consumer
