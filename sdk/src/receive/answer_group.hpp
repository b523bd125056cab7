// Many answers that come at once, so that whoever carries them on is woken once.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace prospero::webhooks::detail {

/// While one is open, what a thread has to do after an answer waits until all of a group were given. For one thread.
class AnswerGroup {
 public:
  AnswerGroup() : outer_(std::exchange(open_, this)) {}
  ~AnswerGroup() {
    open_ = outer_;
    for (const auto& task : at_end_) task();
  }
  AnswerGroup(const AnswerGroup&) = delete;
  AnswerGroup& operator=(const AnswerGroup&) = delete;

  /// At the end of the group that this thread has open, or at once.
  static void afterwards(std::function<void()> task) {
    if (open_ == nullptr) return task();
    open_->at_end_.push_back(std::move(task));
  }

 private:
  static inline thread_local AnswerGroup* open_ = nullptr;
  AnswerGroup* outer_;
  std::vector<std::function<void()>> at_end_;
};

}  // namespace prospero::webhooks::detail
