// The HTTP server under the API (cpp-httplib, which only server.cpp includes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "api/exchange.hpp"

namespace mock::api {

struct ServerOptions {
  std::string host = "127.0.0.1";          ///< a name or an address, IPv6 without brackets
  std::uint16_t port = 0;                  ///< 0: the system chooses
  std::size_t body_bytes_max = 16U << 20;  ///< larger: Request::body_too_large
};

/// A thread for each connection that is being served, kept for the next one; one call per connection. So a call that
/// blocks (an advance of the clock) holds up nobody else.
class Server {
 public:
  using Answer = std::function<Response(const Request&)>;

  /// Takes the port. Throws std::runtime_error, one line that says which address and why, if it cannot be had.
  explicit Server(ServerOptions options);
  ~Server();  ///< stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const ServerOptions& options() const noexcept;
  std::uint16_t port() const noexcept;
  std::string url() const;  ///< "http://127.0.0.1:8080"

  /// Begins to answer, on other threads; `answer` must be thread-safe and must not throw. Once.
  void start(Answer answer);

  /// Takes no more calls and waits for those under way: whoever makes them block must wake them first. A connection
  /// that has sent nothing delays it by 2 s at most. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::api
