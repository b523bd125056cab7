/// @file
/// Posts to a Receiver without a socket: what a push does to an application, in a unit test.
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
  /// Posts to the first hook.
  /// @param receiver must outlive this object
  explicit InProcessClient(Receiver& receiver) : InProcessClient(receiver, receiver.options().hooks.front().path) {}
  /// @param receiver must outlive this object
  /// @param path of a hook; of none, and every answer is 404
  InProcessClient(Receiver& receiver, std::string path) : receiver_(receiver), path_(std::move(path)) {}

  /// Returns when Prospero would have its answer: after the payload is durable.
  /// @param body the bytes, whatever they are
  /// @return what Prospero would get; see Receiver::receive()
  Response post(std::string body) const { return receiver_.receive(Request{"POST", path_, {}, std::move(body)}); }
  /// @param payload its body() is posted
  /// @return as above
  Response post(const PayloadBuilder& payload) const { return post(payload.body()); }

 private:
  Receiver& receiver_;
  std::string path_;
};

}  // namespace prospero::webhooks::testing

#pragma GCC visibility pop
