#include "transport/stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "transport/tls_client.hpp"

namespace mock::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

bool nothing_to_read(tcp::socket& socket) {
  char byte = 0;
  return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

class PlainStream : public Stream {
 public:
  explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}

  void handshake(std::function<void(error_code)> done) override {
    asio::post(socket_.get_executor(), [then = std::move(done)] { then({}); });
  }
  void write(asio::const_buffer bytes, Done done) override { asio::async_write(socket_, bytes, std::move(done)); }
  void read_some(asio::mutable_buffer into, Done done) override { socket_.async_read_some(into, std::move(done)); }
  bool is_quiet() override { return nothing_to_read(socket_); }
  void close(bool) override {
    error_code ignored;
    socket_.close(ignored);  // the attempt is over: nothing depends on it
  }
  std::string certificate_problem() const override { return {}; }

 private:
  tcp::socket socket_;
};

class TlsStream : public Stream, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(tcp::socket socket, asio::ssl::context& context, const WebhookUrl& url)
      : stream_(std::move(socket), context), problem_(url.host()) {}

  bool set_name(const WebhookUrl& url) {
    error_code error;
    stream_.set_verify_callback(
        [this](bool accepted, asio::ssl::verify_context& chain) { return problem_.note(accepted, chain); }, error);
    return !error && set_server_name(stream_.native_handle(), url);
  }

  void handshake(std::function<void(error_code)> done) override {
    stream_.async_handshake(asio::ssl::stream_base::client, std::move(done));
  }
  void write(asio::const_buffer bytes, Done done) override { asio::async_write(stream_, bytes, std::move(done)); }
  void read_some(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }

  bool is_quiet() override {
    return SSL_has_pending(stream_.native_handle()) == 0 && nothing_to_read(stream_.next_layer());
  }

  // The socket usually takes the close_notify from inside async_shutdown; the peer's own is not waited for.
  void close(bool in_order) override {
    if (in_order) stream_.async_shutdown([self = shared_from_this()](error_code) {});
    error_code ignored;
    stream_.next_layer().close(ignored);  // the attempt is over: nothing depends on it
  }
  std::string certificate_problem() const override { return problem_.text(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
  CertificateProblem problem_;
};

}  // namespace

std::shared_ptr<Stream> make_plain_stream(tcp::socket socket) {
  return std::make_shared<PlainStream>(std::move(socket));
}

std::shared_ptr<Stream> make_tls_stream(tcp::socket socket, asio::ssl::context& context, const WebhookUrl& url) {
  auto stream = std::make_shared<TlsStream>(std::move(socket), context, url);
  if (!stream->set_name(url)) return nullptr;
  return stream;
}

bool is_end_of_stream(error_code error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

bool is_tls_failure(error_code error) {
  return error.category() == asio::error::get_ssl_category();
}

}  // namespace mock::transport
