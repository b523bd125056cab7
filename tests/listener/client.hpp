// A client that can misbehave: raw bytes over TCP or TLS, one blocking step at a time.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace listener_test {

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// What a TLS client offers. The certificate is verified for `localhost` against `ca_pem`.
struct TlsOffer {
  std::string ca_pem;
  int version = 0;           ///< TLS1_2_VERSION, ...; 0: whatever OpenSSL offers
  std::string ciphers = {};  ///< of TLS 1.2; empty: all that OpenSSL has
  std::vector<std::string> alpn = {};
  std::string groups = {};  ///< of the key exchange; empty: those that OpenSSL offers
};

/// Every step fails with std::runtime_error when the peer has ended the connection, or nothing comes for 20 s.
class Client {
 public:
  explicit Client(std::uint16_t port);  ///< connects to 127.0.0.1
  explicit Client(int unconnected_socket, std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start_tls(const TlsOffer& offer);
  void send(const std::string& bytes);
  /// So many KeyUpdate records of TLS 1.3, which hold no data, made beforehand and sent at one go.
  std::string make_key_updates(int count);
  void send_raw(const std::string& bytes);  ///< past TLS
  void finish_sending();                    ///< half-close: over TLS with close_notify
  Answer read_answer(bool of_head_request = false);
  bool has_ended();                                  ///< waits for the end; false if bytes come instead
  bool is_readable(std::chrono::milliseconds wait);  ///< bytes or the end have come

  std::string tls_version() const { return SSL_get_version(tls_.get()); }
  std::string cipher() const { return SSL_get_cipher_name(tls_.get()); }
  std::string alpn() const;

 private:
  struct Free {
    void operator()(SSL* tls) const { SSL_free(tls); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  long receive(char* into, std::size_t size);
  std::string take_until(const std::string& mark);
  std::string take(std::size_t size);
  void fill();

  int socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> tls_;
  std::string received_;
};

int new_socket();

/// A whole request.
std::string post(const std::string& path, const std::string& body, const std::string& fields = "");

}  // namespace listener_test
