// TLS on the socket itself: OpenSSL reads and writes it, and Asio only says when it is ready. Between the two nothing
// is copied and nothing is posted.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "transport/socket_bio.hpp"
#include "transport/stream.hpp"
#include "transport/tls_client.hpp"

namespace mock::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

int note_certificate(int accepted, X509_STORE_CTX* chain) {
  const auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  asio::ssl::verify_context context(chain);
  return static_cast<CertificateProblem*>(SSL_get_app_data(ssl))->note(accepted == 1, context) ? 1 : 0;
}

class TlsStream : public Stream, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(tcp::socket socket, const WebhookUrl& url) : socket_(std::move(socket)), problem_(url.host()) {}

  bool prepare(SSL_CTX* context, const WebhookUrl& url) {
    end_.handle = socket_.native_handle();
    auto bio = make_socket_bio(end_);
    ssl_.reset(SSL_new(context));
    if (!bio || !ssl_) return false;
    auto* both = bio.release();  // one for both ways, and one reference for both
    SSL_set_bio(ssl_.get(), both, both);
    SSL_set_read_ahead(ssl_.get(), 1);  // a record in one read instead of two
    SSL_set_app_data(ssl_.get(), &problem_);
    SSL_set_verify(ssl_.get(), SSL_get_verify_mode(ssl_.get()), note_certificate);
    return set_server_name(ssl_.get(), url);
  }

  void handshake(std::function<void(error_code)> done) override {
    asio::post(socket_.get_executor(), [self = shared_from_this(), then = std::move(done)]() mutable {
      self->make([](SSL* ssl, std::size_t&) { return SSL_connect(ssl); },
                 [then = std::move(then)](error_code error, std::size_t) { then(error); });
    });
  }

  // The socket nearly always takes it at once.
  void write(asio::const_buffer bytes, Done done) override {
    make([bytes](SSL* ssl, std::size_t& size) { return SSL_write_ex(ssl, bytes.data(), bytes.size(), &size); },
         std::move(done));
  }

  // The answer to what was just written is never there yet: to try would cost a call of the system for nothing.
  void read_some(asio::mutable_buffer into, Done done) override {
    auto read = [into](SSL* ssl, std::size_t& size) { return SSL_read_ex(ssl, into.data(), into.size(), &size); };
    if (SSL_has_pending(ssl_.get()) == 0) return make_when(tcp::socket::wait_read, read, std::move(done));
    asio::post(socket_.get_executor(), [self = shared_from_this(), read, then = std::move(done)]() mutable {
      self->make(read, std::move(then));
    });
  }

  bool is_quiet() override { return SSL_has_pending(ssl_.get()) == 0 && nothing_to_read(socket_); }

  // The peer's own close_notify is not waited for.
  void close(bool in_order) override {
    ERR_clear_error();
    if (in_order && socket_.is_open()) SSL_shutdown(ssl_.get());
    error_code ignored;
    socket_.close(ignored);  // the attempt is over: nothing depends on it
    end_.handle = -1;
  }

  std::string certificate_problem() const override { return problem_.text(); }

 private:
  /// How a call of OpenSSL ended that did not come through.
  struct Stop {
    std::optional<tcp::socket::wait_type> until;  ///< to be made again when the socket is ready for that
    error_code error;                             ///< if not
  };

  /// Makes `call`, again and again as the socket becomes ready for what OpenSSL wants, and tells `done` how it ended.
  template <class Call, class Told>
  void make(Call call, Told done) {
    if (!socket_.is_open()) return done(asio::error::operation_aborted, 0);
    ERR_clear_error();
    end_.error = 0;
    end_.reads_left = 1;
    std::size_t size = 0;
    const int result = call(ssl_.get(), size);
    if (result == 1) return done({}, size);
    const auto stop = stop_of(result);
    if (!stop.until) return done(stop.error, 0);
    make_when(*stop.until, std::move(call), std::move(done));
  }

  template <class Call, class Told>
  void make_when(tcp::socket::wait_type ready, Call call, Told done) {
    socket_.async_wait(ready, [self = shared_from_this(), call, then = std::move(done)](error_code error) mutable {
      if (error) return then(error, 0);
      self->make(std::move(call), std::move(then));
    });
  }

  Stop stop_of(int result) const {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {tcp::socket::wait_read, {}};
      case SSL_ERROR_WANT_WRITE:
        return {tcp::socket::wait_write, {}};
      case SSL_ERROR_ZERO_RETURN:
        return {{}, asio::error::eof};
      case SSL_ERROR_SYSCALL:
        if (end_.error != 0) return {{}, error_code(end_.error, boost::system::system_category())};
        return {{}, asio::ssl::error::stream_truncated};  // the peer closed without a close_notify
      default:                                            // the remaining codes are failures of TLS
        return {{}, error_code(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category())};
    }
  }

  tcp::socket socket_;
  SocketEnd end_;
  CertificateProblem problem_;
  std::unique_ptr<SSL, FreeSsl> ssl_;  // uses the two above
};

}  // namespace

std::shared_ptr<Stream> make_tls_stream(tcp::socket socket, asio::ssl::context& context, const WebhookUrl& url) {
  auto stream = std::make_shared<TlsStream>(std::move(socket), url);
  if (!stream->prepare(context.native_handle(), url)) return nullptr;
  return stream;
}

}  // namespace mock::transport
