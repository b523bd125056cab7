// A server over raw sockets and TLS that does with a push whatever a test says: the rude consumers and the polite ones.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "conformance/witness.hpp"
#include "support/certificates.hpp"

namespace bad_consumers {

struct Request {
  std::string method, target;
  std::string head;  ///< request line and fields, each with its line end
  std::string body;
  bool counted = false;   ///< it has a Content-Length
  int on_connection = 1;  ///< its number on its connection
  int under_way = 1;      ///< requests in the server at this moment, with this one
  std::chrono::milliseconds body_took{0};

  /// The value of a field, whose name is looked for exactly as it is spelled here; empty if there is none.
  std::string field(const std::string& name) const;
};

struct Reply {
  int status = 200;
  std::string fields{};  ///< whole lines with line ends
  std::string body{};
  std::chrono::milliseconds delay{0};
  enum class Manner : std::uint8_t {
    complete,
    truncated,  ///< announces more than it sends, and closes
    trickled,   ///< one byte a second
    dropped,    ///< nothing, and closes
    not_http,   ///< a greeting of another protocol
  };
  Manner manner = Manner::complete;
};

struct ServerOptions {
  test_support::Certificate certificate;
  bool plain = false;                   ///< http, without TLS
  int lowest_tls = 0, highest_tls = 0;  ///< OpenSSL's numbers; 0: as the library has it
  bool refuses_resumed = false;         ///< closes a resumed TLS session
  std::string only_name{};     ///< closes a TLS session for any other server name, letter by letter; empty: none
  bool one_at_a_time = false;  ///< the next connection is served when the one before has ended
  /// Called by several threads at once.
  std::function<Reply(const Request&)> answer;
  /// A connection ended inside a request, after so many bytes of its body; < 0: inside its head.
  std::function<void(long)> on_broken = [](long) {};
  /// Whether it stops listening, for good, after a connection that ended so.
  std::function<bool(long)> dies_of_broken = [](long) { return false; };
  /// What it tells of itself; empty: nothing.
  std::function<mock::conformance::WitnessReading()> witness{};
};

/// Listens on a free port of 127.0.0.1 until its end.
class BadServer {
 public:
  explicit BadServer(ServerOptions options);
  ~BadServer();
  BadServer(const BadServer&) = delete;
  BadServer& operator=(const BadServer&) = delete;

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bad_consumers
