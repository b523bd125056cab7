// Lines for a reader that may stall: whoever has one to tell never waits for that.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace consumer {

/// Thread-safe.
class LineQueue {
 public:
  /// `write` gets the lines, several at a time, each with its line end, on a thread of their own; it may block. With
  /// `lines_max` waiting, the oldest is dropped for a new one, and `on_drop` is called by whoever adds that.
  LineQueue(std::size_t lines_max, std::function<void(const std::string&)> write, std::function<void()> on_drop);
  /// stop() without waiting.
  ~LineQueue();
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;

  /// `line` has no line end.
  void add(const std::string& line);

  /// Takes no more lines and writes those that wait. False when that takes longer than `wait_max`: then `write` still
  /// runs, and all that it uses has to stay.
  bool stop(std::chrono::milliseconds wait_max);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace consumer
