// Lines of a log that come once per push in bad times, told once per cause and while.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace consumer {

/// Thread-safe.
class LogThrottle {
 public:
  using Clock = std::chrono::steady_clock;

  /// `write` gets each finished line.
  LogThrottle(std::chrono::seconds every, std::function<void(const std::string&)> write);

  /// Writes the cause, unless it was written less than `every` ago: then it is counted. At most 32 causes are told
  /// apart at a time.
  void tell(const std::string& cause, Clock::time_point now = Clock::now()) { tell(cause, cause, now); }

  /// The same for lines that differ from push to push and have one cause: the first is written, the others are counted
  /// under the cause.
  void tell(const std::string& cause, const std::string& line, Clock::time_point now = Clock::now());

  /// Writes how often each cause came since its line, for those whose time has passed. To be called now and then.
  void flush(Clock::time_point now = Clock::now());

 private:
  struct Entry {
    Clock::time_point silent_until;
    unsigned long left_out = 0;
  };

  const std::chrono::seconds every_;
  const std::function<void(const std::string&)> write_;
  std::mutex mutex_;
  std::map<std::string, Entry> causes_;
};

}  // namespace consumer
