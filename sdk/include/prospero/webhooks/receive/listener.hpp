/// @file
/// The HTTPS end of a consumer: many connections on few threads, every phase under a total deadline, every input under
/// a limit. What an answer says is the Receiver's business.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

class Receiver;

/// Deadlines are totals: a peer that trickles bytes does not extend them. At the deadline of a head or a request the
/// peer is answered 408, at any other the connection is closed without a word.
struct ListenerOptions {
  std::string address = "127.0.0.1";  ///< IP literal; "0.0.0.0" or "::" for every interface
  std::uint16_t port = 0;             ///< 0: chosen by the system, port() tells

  std::string certificate_file{};  ///< PEM, the leaf first; both empty: plain HTTP
  std::string key_file{};          ///< PEM, not encrypted

  std::size_t threads = 2;                 ///< at least 1; a thread serves any number of connections
  std::size_t connections_max = 10'000;    ///< above it the connection that has waited longest for a request is closed
  std::size_t head_bytes_max = 16u << 10;  ///< request line and header fields; more: 431

  std::chrono::milliseconds handshake_max{5'000};    ///< from accept to an established TLS session
  std::chrono::milliseconds head_max{5'000};         ///< from the first byte (first request: the session) to the head
  std::chrono::milliseconds request_max{10'000};     ///< the same start; to the last byte of the body and its storing
  std::chrono::milliseconds answer_max{5'000};       ///< sending one answer
  std::chrono::milliseconds keep_alive_max{60'000};  ///< from an answer to the first byte of the next request
};

/// The listener cannot start. what() is one line that names what is wrong and what to do about it.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Totals since start().
struct ListenerCounters {
  std::uint64_t connections_accepted = 0;  ///< all that there were
  std::uint64_t connections_open = 0;      ///< now
  std::uint64_t connections_evicted = 0;   ///< closed to make room: connections_max, or no file descriptor was left
  std::uint64_t tls_failures = 0;          ///< connections that never got a TLS session
  std::map<int, std::uint64_t> answers;    ///< by status, those that were sent completely
};

/// HTTP/1.1 over TLS 1.2 (ECDHE with AEAD ciphers only) and 1.3, or plain. Keep-alive and pipelining, answers in order.
/// Malformed requests, and those whose length two parsers could read differently, get 400 and the connection ends.
///
/// start() and stop() are for one thread; port() and counters() may be called from any thread while it runs.
class Listener {
 public:
  /// Nothing is opened before start().
  /// @param receiver answers the requests; must outlive the listener
  /// @param options where and within which limits
  Listener(Receiver& receiver, ListenerOptions options);
  ~Listener();  ///< stop() without a drain
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Reads the certificate, binds the port and serves on threads of its own. Throws ListenError: port taken, address
  /// not of this machine, certificate or key unreadable, not a pair, expired or not yet valid. Once per object.
  void start();

  /// Accepts no more, closes connections without a request, lets requests under way get their answers for at most
  /// `drain`, then closes all and joins the threads. Never call it from a Receiver callback. Doing it twice is
  /// harmless.
  /// @param drain 0: none
  void stop(std::chrono::milliseconds drain);

  /// @return the port in use; 0 before start()
  std::uint16_t port() const noexcept;
  /// @return the totals as they are now
  ListenerCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
