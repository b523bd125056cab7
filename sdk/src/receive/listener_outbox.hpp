// The answers on their way from the inbox to their connections.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace prospero::webhooks::detail {

/// A commit brings many answers at once. Waking the threads of the listener for each of them costs the thread that
/// commits more than storing the push did, so they are woken once for all that are there. Thread-safe.
class Outbox {
 public:
  using Answer = std::function<void()>;  ///< finds its own way to its connection's strand

  explicit Outbox(boost::asio::io_context& io) : io_(io) {}

  void add(Answer answer) {
    {
      const std::lock_guard hold{mutex_};
      answers_.push_back(std::move(answer));
      if (std::exchange(on_its_way_, true)) return;
    }
    boost::asio::post(io_, [this] { give_some(); });
  }

 private:
  // Some, so that the threads share them.
  void give_some() {
    constexpr std::size_t some = 16;
    std::vector<Answer> now;
    bool more = false;
    {
      const std::lock_guard hold{mutex_};
      more = answers_.size() > some;
      on_its_way_ = more;
      for (std::size_t n = 0; n < some && !answers_.empty(); ++n) {
        now.push_back(std::move(answers_.front()));
        answers_.pop_front();
      }
    }
    if (more) boost::asio::post(io_, [this] { give_some(); });
    for (Answer& answer : now) answer();
  }

  boost::asio::io_context& io_;
  std::mutex mutex_;
  std::deque<Answer> answers_;
  bool on_its_way_ = false;  ///< a post that will take what is there
};

}  // namespace prospero::webhooks::detail
