/// @file
/// The HTTPS end of a consumer: many connections on few threads, every phase under a total deadline, every input under
/// a limit. What an answer says is the Receiver's business.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <prospero/webhooks/receive/metrics.hpp>
#include <stdexcept>
#include <string>
#include <vector>

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
  std::size_t connections_max = 10'000;    ///< above it one is closed for each that comes; see Listener
  std::size_t head_bytes_max = 16u << 10;  ///< request line and header fields; more: 431

  /// Of the bodies that are being read, all connections together; the first 64 KiB of each are not counted, and one of
  /// ReceiverOptions::body_bytes_max always fits. A body that would need more: 503, and the connection ends.
  std::size_t reading_bytes_max = 256u << 20;

  std::chrono::milliseconds handshake_max{5'000};    ///< from accept to an established TLS session
  std::chrono::milliseconds head_max{5'000};         ///< from the first byte (first request: the session) to the head
  std::chrono::milliseconds request_max{10'000};     ///< the same start; to the last byte of the body and its storing
  std::chrono::milliseconds answer_max{5'000};       ///< sending one answer
  std::chrono::milliseconds keep_alive_max{60'000};  ///< from an answer to the first byte of the next request

  /// Networks ("10.0.0.0/8") or addresses that may connect, for plain HTTP behind a proxy; empty: everyone. Connections
  /// from elsewhere are closed at once.
  std::vector<std::string> peers{};

  /// How often to see whether the certificate and key files have changed; 0: only reload_certificate() looks. New
  /// connections get the new certificate, those there are keep theirs.
  std::chrono::milliseconds certificate_check_every{5'000};
  /// Told of each change of certificate: an empty text when the files are in use, else why they cannot be used (the
  /// certificate before stays in use). Called on any thread; must be quick and must not throw.
  std::function<void(const std::string& error)> on_certificate{};
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
  std::uint64_t connections_evicted = 0;   ///< closed to make room: connections_max, no file descriptor or memory
  std::uint64_t connections_refused = 0;   ///< not from one of ListenerOptions::peers
  std::uint64_t tls_failures = 0;          ///< connections that never got a TLS session
  std::uint64_t reading_bytes = 0;         ///< now, of ListenerOptions::reading_bytes_max
  std::map<int, std::uint64_t> answers;    ///< by status, those that were sent completely
  /// Seconds from the first byte of a request to its answer, of those that were given to the Receiver to store.
  Histogram answer_seconds = seconds_histogram();
  std::optional<std::chrono::sys_seconds> certificate_expires;  ///< of the one in use; nothing for plain HTTP
  std::uint64_t certificate_reloads = 0;                        ///< changed files that came into use
  std::uint64_t certificate_failures = 0;                       ///< changed files that could not be used
};

/// HTTP/1.1 over TLS 1.2 (ECDHE with AEAD ciphers only) and 1.3, or plain. Keep-alive and pipelining, answers in order.
/// Malformed requests, those whose length two parsers could read differently, and a POST in HTTP/1.0 without a length
/// get 400 and the connection ends.
///
/// When there are too many connections, or no file descriptor is left, a new one makes an old one go: the one that has
/// been silent longest (no TLS session, no request), then the one that has taken longest over the head or the body of
/// its request. One whose push is being stored or answered never has to.
///
/// start() and stop() are for one thread; the other members may be called from any thread while it runs.
class Listener {
 public:
  /// Nothing is opened before start(). Throws ListenError when one of `peers` is no network.
  /// @param receiver answers the requests; must outlive the listener
  /// @param options where and within which limits
  Listener(Receiver& receiver, ListenerOptions options);
  ~Listener();  ///< stop() without a drain
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Reads the certificate, binds the port and serves on threads of its own. Throws ListenError: port taken, address
  /// not of this machine, certificate or key unreadable, not a pair, expired or not yet valid, no file descriptor or
  /// thread left. Once per object.
  void start();

  /// Throws what start() would throw now, and leaves nothing behind: for programs that want to know before they make
  /// files.
  /// @param options those that a listener would be made with
  static void check(const ListenerOptions& options);

  /// Uses the certificate and key files as they are now for the connections to come. Throws ListenError when they
  /// cannot be used: the ones before stay in use. Does nothing for plain HTTP or before start().
  void reload_certificate();

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
