// One connection of the wire: a socket, with TLS or without, every wait of it under a deadline.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/loop.hpp"
#include "conformance/wire.hpp"
#include "transport/url.hpp"

namespace mock::conformance {

/// Not thread-safe. After a function that failed only problem() and the destructor make sense.
class WireSocket {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Once `loop`, which must outlive this, is interrupted, every wait fails within 50 ms.
  explicit WireSocket(const Loop& loop) : loop_(loop) {}
  ~WireSocket();
  WireSocket(const WireSocket&) = delete;
  WireSocket& operator=(const WireSocket&) = delete;

  bool connect(const transport::Address& address, std::uint16_t port, Deadline deadline);
  /// `session` (may be null) is offered again; not owned.
  bool handshake(SSL_CTX* context, const transport::WebhookUrl& url, TlsVersion version, SSL_SESSION* session,
                 Deadline deadline);
  /// The handshake spells the host in capitals.
  void spell_name_in_capitals() { name_in_capitals_ = true; }
  bool send(std::string_view bytes, Deadline deadline);

  enum class Read : std::uint8_t { some, end, failed, late };
  Read read(std::string& into, Deadline deadline);

  bool interrupted() const { return loop_.interrupted(); }
  bool connected() const { return connected_; }
  SSL* tls() const { return ssl_.get(); }
  const std::string& problem() const { return problem_; }

 private:
  bool wait_for(short events, Deadline deadline);
  bool wait_for_tls(int result, Deadline deadline);
  bool fail(std::string problem);

  struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  const Loop& loop_;
  int fd_ = -1;
  std::unique_ptr<SSL, SslFree> ssl_;
  bool connected_ = false, late_ = false, name_in_capitals_ = false;
  std::string problem_;
};

}  // namespace mock::conformance
