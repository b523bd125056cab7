#include "line_queue.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace consumer {

struct LineQueue::State {
  const std::size_t lines_max;
  const std::function<void(const std::string&)> write;
  const std::function<void()> on_drop;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> lines;
  bool stopping = false, ended = false;

  State(std::size_t max, std::function<void(const std::string&)> writing, std::function<void()> dropping)
      : lines_max(max), write(std::move(writing)), on_drop(std::move(dropping)) {}

  /// False: the line took the place of another, or came too late.
  bool put(const std::string& line) {
    const std::lock_guard hold(mutex);
    if (stopping) return false;
    const bool full = lines.size() >= lines_max;
    if (full) lines.pop_front();
    lines.push_back(line);
    changed.notify_all();
    return !full;
  }

  void run() {
    std::unique_lock hold(mutex);
    for (;;) {
      changed.wait(hold, [&] { return stopping || !lines.empty(); });
      if (lines.empty()) break;
      const std::deque<std::string> taken = std::exchange(lines, {});
      hold.unlock();
      std::string text;
      for (const std::string& line : taken) text.append(line).push_back('\n');
      write(text);
      hold.lock();
    }
    ended = true;
    changed.notify_all();
  }
};

LineQueue::LineQueue(std::size_t lines_max, std::function<void(const std::string&)> write,
                     std::function<void()> on_drop)
    : state_(std::make_shared<State>(lines_max, std::move(write), std::move(on_drop))) {
  // Nobody can end a write to a reader that stalls, so nobody may have to wait for this thread.
  std::thread([state = state_] { state->run(); }).detach();
}

LineQueue::~LineQueue() {
  stop(std::chrono::milliseconds(0));
}

void LineQueue::add(const std::string& line) {
  if (!state_->put(line)) state_->on_drop();
}

bool LineQueue::stop(std::chrono::milliseconds wait_max) {
  std::unique_lock hold(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  return state_->changed.wait_for(hold, wait_max, [&] { return state_->ended; });
}

}  // namespace consumer
