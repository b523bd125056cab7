// Many deliveries as the mock makes them, with the same code: bounded in flight, retried after 1 minute, 1 hour and 6
// hours with the same bytes (R1, R2, R5). The hours pass on a virtual clock (G6); the webhook is never disabled.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/probe.hpp"

namespace mock::conformance {

/// When the consumer is killed: so long after so many complete answers of a wave.
struct Killing {
  std::size_t after_answers = 0;
  delivery::Duration then{};
};

/// Serves one case. Not thread-safe; throws Interrupted.
class Ladder {
 public:
  /// What `access` names must outlive it; its process is there.
  explicit Ladder(Access access);
  ~Ladder();
  Ladder(const Ladder&) = delete;
  Ladder& operator=(const Ladder&) = delete;

  /// Due now.
  void add(std::string body);

  /// Makes every attempt that is due, and waits for the end of each. With `killing` the consumer is killed meanwhile,
  /// at the latest when all have ended; not if so many answers never came. True if it was.
  bool run_wave(const std::optional<Killing>& killing);
  /// The same, after the virtual clock has moved on to the next retry of all that failed.
  bool run_retries(std::size_t retry, const std::optional<Killing>& killing);

  /// How the consumer ended in a wave before anybody killed it, if it did.
  const std::optional<std::string>& own_end() const;

  /// Deliveries that wait for a retry.
  std::size_t waiting() const;
  /// The bodies that got 200, and how many never did.
  std::vector<std::string> delivered() const;
  std::size_t lost() const;
  std::size_t attempts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::conformance
