// Calls a function again and again on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace consumer {

class Ticker {
 public:
  /// `tick` must not throw. It is called `every` from now until the destructor, which waits for a running call.
  Ticker(std::chrono::milliseconds every, std::function<void()> tick)
      : thread_([this, every, tick = std::move(tick)](const std::stop_token& stop) {
          std::unique_lock hold(mutex_);
          while (!changed_.wait_for(hold, stop, every, [&] { return stop.stop_requested(); })) tick();
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

}  // namespace consumer
