// What a case may do to the consumer: send pushes and see how they are answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/bodies.hpp"
#include "conformance/loop.hpp"
#include "delivery/ports.hpp"

namespace mock::conformance {

using Answer = delivery::AttemptResult;

/// The consumer under test.
struct Target {
  std::string url;                  ///< complete, with the secret path; only the transport ever sees it
  std::string shown;                ///< the same for people, without the path
  std::vector<std::string> events;  ///< the known webhook events that it listens to (S2); at least one
};

/// One probe serves one case. Not thread-safe.
class Probe {
 public:
  Probe(const Target& target, delivery::Transport& transport, Loop& loop, Bodies bodies);

  /// Sends one push and waits for its outcome.
  Answer send(std::string body);

  /// Sends all of them at once and waits for all outcomes; these are in the order of `bodies`.
  std::vector<Answer> send_together(std::vector<std::string> bodies);

  Bodies& bodies() noexcept { return bodies_; }
  const std::vector<std::string>& events() const noexcept { return target_.events; }
  /// A webhook event that the consumer listens to, for cases to which it does not matter which.
  const std::string& any_event() const { return target_.events.front(); }

 private:
  const Target& target_;
  delivery::Transport& transport_;
  Loop& loop_;
  Bodies bodies_;
};

}  // namespace mock::conformance
