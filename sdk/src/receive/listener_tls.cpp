#include "listener_tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <new>
#include <utility>

namespace prospero::webhooks::detail {
namespace {

bool only_for_now(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

/// How OpenSSL reads and writes the socket. It has such a BIO itself, but that one writes without MSG_NOSIGNAL: a peer
/// that has gone would end the process by a SIGPIPE.
struct SocketBio {
  static TlsSession& session_of(BIO* bio) { return *static_cast<TlsSession*>(BIO_get_data(bio)); }

  static int write_some(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    auto& session = session_of(bio);
    const auto sent =
        ::send(session.socket_.native_handle(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) note_failure(session, [bio] { BIO_set_retry_write(bio); });
    return static_cast<int>(sent);
  }

  static int read_some(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    auto& session = session_of(bio);
    if (std::exchange(session.has_read_, true)) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const auto got = ::recv(session.socket_.native_handle(), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (got < 0) note_failure(session, [bio] { BIO_set_retry_read(bio); });
    return static_cast<int>(got);
  }

  template <class Retry>
  static void note_failure(TlsSession& session, Retry retry) {
    if (only_for_now(errno))
      retry();
    else
      session.socket_error_ = errno;
  }

  // Nothing is kept back, so flushing always comes through; of the rest a socket knows nothing.
  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static BIO_METHOD* make_method() {
    BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a listener");
    if (!method) return nullptr;
    BIO_meth_set_write(method, write_some);
    BIO_meth_set_read(method, read_some);
    BIO_meth_set_ctrl(method, control);
    return method;
  }

  static BIO* make(TlsSession& session) {
    static const BIO_METHOD* const method = make_method();
    BIO* const bio = method ? BIO_new(method) : nullptr;
    if (!bio) throw std::bad_alloc{};
    BIO_set_data(bio, &session);
    BIO_set_init(bio, 1);
    return bio;
  }
};

TlsSession::TlsSession(Socket& socket, SSL_CTX* context) : socket_(socket), ssl_(SSL_new(context)) {
  if (!ssl_) throw std::bad_alloc{};
  BIO* const both = SocketBio::make(*this);  // one for both ways, and one reference for both
  SSL_set_bio(ssl_.get(), both, both);
  SSL_set_read_ahead(ssl_.get(), 1);                   // a record in one read instead of two
  SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);  // silent connections may be many
}

void TlsSession::begin_call() {
  ERR_clear_error();
  has_read_ = false;
  socket_error_ = 0;
}

TlsSession::Stop TlsSession::stop_of(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Socket::wait_read, {}};
    case SSL_ERROR_WANT_WRITE:
      return {Socket::wait_write, {}};
    case SSL_ERROR_ZERO_RETURN:
      return {{}, boost::asio::error::eof};
    case SSL_ERROR_SYSCALL:
      if (socket_error_ != 0) return {{}, Error(socket_error_, boost::system::system_category())};
      return {{}, boost::asio::ssl::error::stream_truncated};  // the peer closed without a close_notify
    default: {                                                 // the remaining codes are failures of TLS
      const unsigned long code = ERR_get_error();
      if (code == 0) return {{}, boost::asio::error::connection_aborted};
      return {{}, Error(static_cast<int>(code), boost::asio::error::get_ssl_category())};
    }
  }
}

}  // namespace prospero::webhooks::detail
