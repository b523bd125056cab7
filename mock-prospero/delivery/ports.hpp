// What the sender needs from outside, as interfaces: it does no I/O, reads no real clock, starts no thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "delivery/types.hpp"

namespace mock::delivery {

/// Time as the sender sees it. Real: the wall clock, moved on by a monotonic one (G7). Virtual: stands still (G6).
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes back. An attempt that starts now has this instant as its start.
  virtual Instant now() const = 0;
  /// The end of an attempt whose result arrives now. The virtual clock answers at least now(): what took effect at
  /// now() took effect while the attempt was still running (G6).
  virtual Instant end_of(Instant started_at, Duration took) const { return started_at + took; }
};

/// What one attempt sends (D1, D2). The bytes are the same for every attempt of a delivery (R5).
struct Push {
  std::string url;
  std::shared_ptr<const std::string> body;
};

/// Carries out one attempt: exactly one POST at most, within 5 s in all (D4).
class Transport {
 public:
  using Done = std::function<void(AttemptResult)>;
  virtual ~Transport() = default;
  /// Never blocks. Calls `done` exactly once, later, never from inside this call, on the thread that drives the
  /// sender. Destroying the transport drops what is under way without calling `done`.
  virtual void post(Push push, Done done) = 0;
};

/// Is told of every change, after it happened, in order. The API's stream, the store and the simulator's checkers
/// read this and nothing else. It must not call the sender's changing functions from inside.
class Journal {
 public:
  virtual ~Journal() = default;
  /// `number`: its place in Sender::deliveries().
  virtual void delivery_changed(std::size_t number, const Delivery& delivery) = 0;
  virtual void webhook_changed(const WebhookId& webhook) = 0;
};

}  // namespace mock::delivery
