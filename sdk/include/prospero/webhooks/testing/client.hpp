// Posts to a Receiver without a socket: what a push does to an application, in a unit test.
#pragma once

#include <string>
#include <utility>

#include "prospero/webhooks/receive/receiver.hpp"
#include "prospero/webhooks/testing/builder.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks::testing {

/// Sends as Prospero does: one POST to one hook. As thread-safe as the receiver, which must outlive it.
class InProcessClient {
 public:
  /// `path`: a hook of the receiver; by default its first.
  explicit InProcessClient(Receiver& receiver) : InProcessClient(receiver, receiver.options().hooks.front().path) {}
  InProcessClient(Receiver& receiver, std::string path) : receiver_(receiver), path_(std::move(path)) {}

  /// Returns when Prospero would have its answer: after the payload is durable.
  Response post(std::string body) const { return receiver_.receive(Request{"POST", path_, {}, std::move(body)}); }
  Response post(const PayloadBuilder& payload) const { return post(payload.body()); }

 private:
  Receiver& receiver_;
  std::string path_;
};

}  // namespace prospero::webhooks::testing

#pragma GCC visibility pop
