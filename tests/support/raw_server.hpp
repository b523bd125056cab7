// A peer that answers by a script, byte by byte: everything that a well-made HTTP server never does.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "support/certificates.hpp"

namespace test_support {

/// One step of what the server does with each connection.
struct Step {
  enum class Kind {
    read_request,  ///< a head and as many bytes as its Content-Length says
    write,         ///< all of `bytes`
    trickle,       ///< `bytes` one by one, each after `pace`
    repeat,        ///< `bytes` again and again, until the peer closes
    close,         ///< in order; in TLS with a close_notify
    drop,          ///< TCP is closed without a close_notify
    reset,         ///< RST
    stall,         ///< nothing more; the connection stays open until the peer closes it
  };
  Kind kind;
  std::string bytes = {};
  std::chrono::milliseconds pace{0};
};
using Script = std::vector<Step>;  ///< a script that ends without closing stalls

Step read_request();
Step write(std::string bytes);
Step trickle(std::string bytes, std::chrono::milliseconds pace);
Step repeat(std::string bytes);
Step close();
Step drop();
Step reset();
Step stall();
/// Reads the request, writes `response`, stalls: how a server that keeps connections alive answers.
Script answering(std::string response);

struct RawServerOptions {
  std::optional<Certificate> certificate;  ///< TLS with this leaf; without it plain TCP
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                 ///< 0: one that the system chooses
  bool tls10_only = false;                ///< speaks nothing newer than TLS 1.0
  bool wants_client_certificate = false;  ///< TLS 1.3 only: the refusal comes after the client's side of the handshake
};

/// Serves on the loop of `io`, every connection by the same script. For the loop's thread; the destructor closes all.
class RawServer {
 public:
  RawServer(boost::asio::io_context& io, Script script, RawServerOptions options = {});
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;                       ///< accepted so far
  const std::vector<std::string>& requests() const;      ///< read completely, head and body as they came
  const std::vector<std::string>& server_names() const;  ///< SNI of each TLS handshake that was begun, "" without one
  const std::vector<std::string>& protocols() const;     ///< the raw ALPN list of each TLS handshake that offered one

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace test_support
