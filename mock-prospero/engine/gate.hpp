// Holds back attempts until their starts are durable: otherwise a crash could send one a second time that counts as
// never sent (G5).
#pragma once

#include <utility>
#include <vector>

#include "delivery/ports.hpp"

namespace mock::engine {

/// Stands before the transport that it is given, which must outlive it.
class Gate final : public delivery::Transport {
 public:
  explicit Gate(delivery::Transport& transport) : transport_(transport) {}

  void post(delivery::Push push, Done done) override { held_.emplace_back(std::move(push), std::move(done)); }

  /// Hands on what is held, in order.
  void release() {
    for (auto& [push, done] : std::exchange(held_, {})) transport_.post(std::move(push), std::move(done));
  }

 private:
  delivery::Transport& transport_;
  std::vector<std::pair<delivery::Push, Done>> held_;
};

}  // namespace mock::engine
