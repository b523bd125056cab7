// Answers that wait for the disk, and the thread that gives them up when they have waited long enough.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace prospero::webhooks {

/// An answer that is given exactly once, by whoever comes first. Thread-safe.
class WaitingAnswer {
 public:
  /// Nothing: the push is durable; a text: why it is not.
  using Give = std::function<void(const std::optional<std::string>& unstored)>;

  explicit WaitingAnswer(Give give) : give_(std::move(give)) {}

  void stored() { give(std::nullopt); }
  void unstored(std::string reason) { give(std::move(reason)); }
  bool given() const noexcept { return given_; }

 private:
  void give(const std::optional<std::string>& unstored) {
    if (given_.exchange(true)) return;
    std::exchange(give_, nullptr)(unstored);
  }

  std::atomic<bool> given_{false};
  Give give_;
};

/// Thread-safe.
class AnswerDeadlines {
 public:
  explicit AnswerDeadlines(std::chrono::milliseconds wait_max);
  /// Gives up at once what still waits.
  ~AnswerDeadlines();
  AnswerDeadlines(const AnswerDeadlines&) = delete;
  AnswerDeadlines& operator=(const AnswerDeadlines&) = delete;

  /// Answers with `unstored` unless that was done within the time from now.
  void watch(std::shared_ptr<WaitingAnswer> answer);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Clock::time_point until;
    std::shared_ptr<WaitingAnswer> answer;
  };

  void give_up_the_late();

  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;  // all wait equally long, so the first is the next to end
  bool closing_ = false;
  bool idle_ = false;  // the thread waits for the first entry
  std::thread thread_;
};

}  // namespace prospero::webhooks
