// One HTTP request out of the bytes of a connection, however they are cut. No socket, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <prospero/webhooks/receive/receiver.hpp>

namespace prospero::webhooks::detail {

/// What the head says, as far as the connection has to know it before the body.
struct Head {
  std::string method;
  std::string target;  ///< origin form: scheme and authority of an absolute target are taken off
  std::string content_encoding;
  std::optional<std::uint64_t> content_length;
  bool has_body = false;
  bool expects_continue = false;
  bool keep_alive = false;
};

/// Reads exactly one request; a new object for the next. Not thread-safe.
class RequestReader {
 public:
  enum class Step {
    more,      ///< all bytes taken, or kept in the buffer, and more are needed
    head,      ///< head() is there; reported once, feed again for the body
    complete,  ///< request() is there; what is left in the buffer is the next request's
    refused,   ///< refusal() says how to answer; the connection cannot be used any further
  };

  RequestReader(std::size_t head_bytes_max, std::uint64_t body_bytes_max);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  /// Takes what it can use off the front of `buffer`.
  Step feed(std::string& buffer);

  const Head& head() const noexcept;
  std::size_t body_bytes() const noexcept;  ///< that are there so far
  void drop_body() noexcept;                ///< for a request that will not be read to its end
  const Response& refusal() const noexcept;
  Request request();  ///< moves it out

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks::detail
