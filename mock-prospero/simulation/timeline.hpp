// True time of the simulated world: it jumps from one thing that happens to the next.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "delivery/types.hpp"

namespace mock::simulation {

class Timeline {
 public:
  using Action = std::function<void()>;

  delivery::Duration now() const { return now_; }
  bool empty() const { return events_.empty(); }

  /// An instant that has passed means now. Actions of one instant run in the order of these calls.
  void at(delivery::Duration when, Action action) {
    events_.push_back({std::max(when, now_), ++serials_, std::move(action)});
    std::push_heap(events_.begin(), events_.end(), later);
  }

  /// Runs all actions of the earliest instant, if it is not after `until`; else time moves on to `until`, and the
  /// answer is false.
  bool step(delivery::Duration until) {
    if (events_.empty() || events_.front().when > until) {
      now_ = std::max(now_, until);
      return false;
    }
    now_ = events_.front().when;
    while (!events_.empty() && events_.front().when == now_) {
      std::pop_heap(events_.begin(), events_.end(), later);
      const auto action = std::move(events_.back().action);
      events_.pop_back();
      action();
    }
    return true;
  }

  /// Runs all actions of the earliest instant; false if there are none left.
  bool step() { return !events_.empty() && step(events_.front().when); }

 private:
  struct Event {
    delivery::Duration when;
    std::uint64_t serial;
    Action action;
  };
  static bool later(const Event& one, const Event& other) {
    return std::pair{one.when, one.serial} > std::pair{other.when, other.serial};
  }

  delivery::Duration now_{};
  std::uint64_t serials_ = 0;
  std::vector<Event> events_;
};

}  // namespace mock::simulation
