#include "transport/stream.hpp"

#include <sys/socket.h>

#include <cerrno>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

namespace mock::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

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

}  // namespace

std::shared_ptr<Stream> make_plain_stream(tcp::socket socket) {
  return std::make_shared<PlainStream>(std::move(socket));
}

bool nothing_to_read(tcp::socket& socket) {
  char byte = 0;
  return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool is_end_of_stream(error_code error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

bool is_tls_failure(error_code error) {
  return error.category() == asio::error::get_ssl_category();
}

}  // namespace mock::transport
