#include "answer_deadlines.hpp"

#include <utility>

#include "bounded_time.hpp"

namespace prospero::webhooks {

AnswerDeadlines::AnswerDeadlines(std::chrono::milliseconds wait_max)
    : wait_max_(bounded(wait_max)), thread_([this] { give_up_the_late(); }) {}

AnswerDeadlines::~AnswerDeadlines() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
  for (const Entry& entry : entries_) entry.answer->unstored("the receiver is closing");
}

void AnswerDeadlines::watch(std::shared_ptr<WaitingAnswer> answer) {
  const std::lock_guard hold{mutex_};
  while (!entries_.empty() && entries_.front().answer->given()) entries_.pop_front();
  entries_.push_back({Clock::now() + wait_max_, std::move(answer)});
  if (idle_) changed_.notify_one();
}

void AnswerDeadlines::give_up_the_late() {
  std::unique_lock hold{mutex_};
  while (!closing_) {
    while (!entries_.empty() && entries_.front().answer->given()) entries_.pop_front();
    if (entries_.empty()) {
      idle_ = true;
      changed_.wait(hold);
      idle_ = false;
      continue;
    }
    // A copy: the entry may go while this waits. Entries that come meanwhile end later, so nobody has to wake it.
    const Clock::time_point until = entries_.front().until;
    if (Clock::now() < until) {
      changed_.wait_until(hold, until);
      continue;
    }
    const auto late = std::move(entries_.front().answer);
    entries_.pop_front();
    hold.unlock();
    late->unstored("the disk did not take a commit within " + std::to_string(wait_max_.count()) + " ms");
    hold.lock();
  }
}

}  // namespace prospero::webhooks
