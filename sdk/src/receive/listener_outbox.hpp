// The answers on their way from the inbox to the connections of one loop.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "answer_group.hpp"

namespace prospero::webhooks::detail {

/// A commit brings many answers at once. Waking the loop for each of them costs the thread that commits more than
/// storing the push did, so it is woken once for all that are there. Thread-safe.
class Outbox {
 public:
  using Answer = std::function<void()>;  ///< called by the loop's thread

  explicit Outbox(boost::asio::io_context& io) : io_(io) {}

  /// The loop does not end before it has called the answer.
  void add(Answer answer) {
    {
      const std::lock_guard hold{mutex_};
      answers_.push_back(std::move(answer));
      if (coming_) return;
      coming_.emplace(boost::asio::make_work_guard(io_));
    }
    AnswerGroup::afterwards([this] { boost::asio::post(io_, [this] { give_all(); }); });
  }

 private:
  void give_all() {
    std::vector<Answer> now;
    {
      const std::lock_guard hold{mutex_};
      now.swap(answers_);
      coming_.reset();
    }
    for (Answer& answer : now) answer();
  }

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::vector<Answer> answers_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> coming_;  ///< give_all()
};

}  // namespace prospero::webhooks::detail
