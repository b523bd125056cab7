// TLS on the socket of a connection: OpenSSL reads and writes it, and Asio only says when it is ready. Between the two
// nothing is copied and nothing is posted.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace prospero::webhooks::detail {

/// The server's end of one session. For the socket's one thread; whoever a handler keeps alive must own both.
/// Handlers take (error, size); only a write, a handshake and a farewell may call theirs from within.
class TlsSession {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Error = boost::system::error_code;

  /// The session keeps what it needs of `context`. Throws std::bad_alloc.
  TlsSession(Socket& socket, SSL_CTX* context);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  template <class Handler>
  void handshake(Handler done) {
    make([](SSL* ssl, std::size_t&) { return SSL_accept(ssl); }, std::move(done));
  }

  /// `bytes` outlives the write, which the socket nearly always takes at once.
  template <class Handler>
  void write(std::string_view bytes, Handler done) {
    make([bytes](SSL* ssl, std::size_t& size) { return SSL_write_ex(ssl, bytes.data(), bytes.size(), &size); },
         std::move(done));
  }

  /// The next request is hardly ever there yet: to try first would cost a call of the system for nothing.
  template <class Handler>
  void read_some(char* into, std::size_t most, Handler done) {
    const auto read = [into, most](SSL* ssl, std::size_t& size) { return SSL_read_ex(ssl, into, most, &size); };
    if (SSL_has_pending(ssl_.get()) == 0) return make_when(Socket::wait_read, read, std::move(done));
    boost::asio::post(socket_.get_executor(),
                      [this, read, done = std::move(done)]() mutable { make(read, std::move(done)); });
  }

  /// Says that nothing more will come; the peer's own word is not waited for.
  template <class Handler>
  void say_farewell(Handler done) {
    make([](SSL* ssl, std::size_t&) { return SSL_shutdown(ssl) < 0 ? -1 : 1; }, std::move(done));
  }

 private:
  /// How a call of OpenSSL ended that did not come through.
  struct Stop {
    std::optional<Socket::wait_type> until;  ///< to be made again when the socket is ready for that
    Error error;                             ///< if not
  };
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  /// Makes `call`, again and again as the socket becomes ready for what OpenSSL wants, and tells `done` how it ended.
  template <class Call, class Handler>
  void make(Call call, Handler done) {
    std::size_t size = 0;
    begin_call();
    const int result = call(ssl_.get(), size);
    if (result == 1) return done(Error{}, size);
    const Stop stop = stop_of(result);
    if (!stop.until) return done(stop.error, std::size_t{0});
    make_when(*stop.until, std::move(call), std::move(done));
  }

  template <class Call, class Handler>
  void make_when(Socket::wait_type ready, Call call, Handler done) {
    socket_.async_wait(ready, [this, call = std::move(call), done = std::move(done)](const Error& error) mutable {
      if (error) return done(error, std::size_t{0});
      make(std::move(call), std::move(done));
    });
  }

  void begin_call();
  Stop stop_of(int result) const;

  Socket& socket_;
  bool has_read_ = false;  ///< the call under way: one read each, or a peer whose records hold no data never lets go
  int socket_error_ = 0;   ///< errno of the last call of the system that failed
  std::unique_ptr<SSL, Free> ssl_;

  friend struct SocketBio;
};

}  // namespace prospero::webhooks::detail
