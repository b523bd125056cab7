// Holds back attempts until their starts are durable: otherwise a crash could send one a second time that counts as
// never sent (G5).
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "delivery/ports.hpp"

namespace mock::engine {

/// Stands before the transport that it is given, which must outlive it.
class Gate final : public delivery::Transport {
 public:
  explicit Gate(delivery::Transport& transport) : transport_(transport) {}

  void post(delivery::Push push, Done done) override { held_.emplace_back(std::move(push), std::move(done)); }

  std::size_t held() const noexcept { return held_.size(); }

  /// Hands on the first `count` of what is held, in order.
  void release(std::size_t count) {
    for (; count > 0; --count) {
      auto [push, done] = std::move(held_.front());
      held_.pop_front();
      transport_.post(std::move(push), std::move(done));
    }
  }

 private:
  delivery::Transport& transport_;
  std::deque<std::pair<delivery::Push, Done>> held_;
};

}  // namespace mock::engine
