#include "support/raw_server.hpp"

#include <openssl/ssl.h>

#include <array>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace test_support {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct Seen {
  std::size_t connections = 0;
  std::vector<std::string> requests, server_names, protocols;
};

/// Bytes announced by the head at the start of `request`.
std::size_t content_length(const std::string& request) {
  constexpr std::string_view field = "\r\nContent-Length: ";
  const auto at = request.find(field);
  return at == std::string::npos ? 0 : std::stoul(request.substr(at + field.size()));
}

class Session {
 public:
  virtual ~Session() = default;
  virtual void start() = 0;
  virtual void stop() = 0;
};

template <class Stream>
class ScriptedSession : public Session, public std::enable_shared_from_this<ScriptedSession<Stream>> {
 public:
  ScriptedSession(Stream stream, std::shared_ptr<const Script> script, std::shared_ptr<Seen> seen)
      : stream_(std::move(stream)),
        script_owner_(std::move(script)),
        script_(*script_owner_),
        seen_(std::move(seen)),
        timer_(stream_.get_executor()) {}

  void start() override {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      run();
    } else {
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code error) {
        if (error) return self->stop();
        self->run();
      });
    }
  }

  void stop() override {
    timer_.cancel();
    error_code ignored;
    socket().close(ignored);
  }

 private:
  tcp::socket& socket() {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }

  void next() {
    ++position_;
    run();
  }

  void run() {
    if (position_ >= script_.size()) return drain();
    const Step& step = script_[position_];
    switch (step.kind) {
      case Step::Kind::read_request:
        return read_head();
      case Step::Kind::write:
        return write_all(step.bytes, [this] { next(); });
      case Step::Kind::trickle:
        return trickle_from(0);
      case Step::Kind::repeat:
        return write_all(step.bytes, [this] { run(); });
      case Step::Kind::close:
        return close_in_order();
      case Step::Kind::drop:
        return stop();
      case Step::Kind::reset:
        return send_reset();
      case Step::Kind::stall:
        return drain();
    }
  }

  void read_head() {
    asio::async_read_until(stream_, asio::dynamic_buffer(input_), "\r\n\r\n",
                           [self = this->shared_from_this()](error_code error, std::size_t head) {
                             if (error) return self->stop();
                             self->read_body(head + content_length(self->input_));
                           });
  }

  void read_body(std::size_t whole) {
    const auto missing = whole > input_.size() ? whole - input_.size() : 0;
    asio::async_read(stream_, asio::dynamic_buffer(input_), asio::transfer_exactly(missing),
                     [self = this->shared_from_this(), whole](error_code error, std::size_t) {
                       if (error) return self->stop();
                       self->seen_->requests.push_back(self->input_.substr(0, whole));
                       self->input_.erase(0, whole);
                       self->next();
                     });
  }

  void write_all(const std::string& bytes, std::function<void()> then) {
    asio::async_write(stream_, asio::buffer(bytes),
                      [self = this->shared_from_this(), after = std::move(then)](error_code error, std::size_t) {
                        if (error) return self->stop();
                        after();
                      });
  }

  void trickle_from(std::size_t index) {
    const Step& step = script_[position_];
    if (index >= step.bytes.size()) return next();
    timer_.expires_after(step.pace);
    timer_.async_wait([self = this->shared_from_this(), index](error_code error) {
      if (error) return;
      asio::async_write(self->stream_, asio::buffer(&self->script_[self->position_].bytes[index], 1),
                        [self, index](error_code failed, std::size_t) {
                          if (failed) return self->stop();
                          self->trickle_from(index + 1);
                        });
    });
  }

  void close_in_order() {
    if constexpr (std::is_same_v<Stream, tcp::socket>) {
      error_code ignored;
      stream_.shutdown(tcp::socket::shutdown_send, ignored);
      drain();
    } else {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->stop(); });
    }
  }

  void send_reset() {
    error_code ignored;
    socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stop();
  }

  void drain() {
    stream_.async_read_some(asio::buffer(waste_), [self = this->shared_from_this()](error_code error, std::size_t) {
      if (error) return self->stop();
      self->drain();
    });
  }

  Stream stream_;
  std::shared_ptr<const Script> script_owner_;
  const Script& script_;
  std::shared_ptr<Seen> seen_;
  asio::steady_timer timer_;
  std::size_t position_ = 0;
  std::string input_;
  std::array<char, 4096> waste_{};
};

int note_client_hello(SSL* ssl, int*, void* argument) {
  auto& seen = *static_cast<Seen*>(argument);
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  std::string name;
  // A server_name extension is a list of (type, length, name): 2 bytes of list length, 1 of type, 2 of name length.
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) == 1 && size > 5) {
    name.assign(reinterpret_cast<const char*>(data) + 5, size - 5);
  }
  seen.server_names.push_back(std::move(name));
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &data, &size) == 1) {
    seen.protocols.emplace_back(reinterpret_cast<const char*>(data), size);
  }
  return SSL_CLIENT_HELLO_SUCCESS;
}

asio::ssl::context make_context(const RawServerOptions& options, Seen& seen) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  auto* handle = context.native_handle();
  if (options.tls10_only) {
    SSL_CTX_set_cipher_list(handle, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(handle, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(handle, TLS1_VERSION);
  }
  if (options.wants_client_certificate) {
    SSL_CTX_set_min_proto_version(handle, TLS1_3_VERSION);
    context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }
  if (options.certificate) {
    context.use_certificate_chain(asio::buffer(options.certificate->pem));
    context.use_private_key(asio::buffer(options.certificate->key_pem), asio::ssl::context::pem);
  }
  SSL_CTX_set_client_hello_cb(handle, note_client_hello, &seen);
  return context;
}

}  // namespace

struct RawServer::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, Script steps, const RawServerOptions& options)
      : script(std::make_shared<const Script>(std::move(steps))),
        tls(options.certificate.has_value()),
        context(make_context(options, *seen)),
        acceptor(io, tcp::endpoint(asio::ip::make_address(options.address), options.port)) {}

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error) return;
      ++self->seen->connections;
      self->serve(std::move(socket));
      self->accept();
    });
  }

  void serve(tcp::socket socket) {
    std::shared_ptr<Session> session;
    if (tls) {
      using Tls = asio::ssl::stream<tcp::socket>;
      session = std::make_shared<ScriptedSession<Tls>>(Tls(std::move(socket), context), script, seen);
    } else {
      session = std::make_shared<ScriptedSession<tcp::socket>>(std::move(socket), script, seen);
    }
    sessions.push_back(session);
    session->start();
  }

  void stop() {
    error_code ignored;
    acceptor.close(ignored);
    for (const auto& weak : sessions) {
      if (const auto session = weak.lock()) session->stop();
    }
  }

  std::shared_ptr<Seen> seen = std::make_shared<Seen>();
  std::shared_ptr<const Script> script;
  bool tls;
  asio::ssl::context context;
  tcp::acceptor acceptor;
  std::vector<std::weak_ptr<Session>> sessions;
};

RawServer::RawServer(asio::io_context& io, Script script, RawServerOptions options)
    : impl_(std::make_shared<Impl>(io, std::move(script), options)) {
  impl_->accept();
}
RawServer::~RawServer() {
  impl_->stop();
}

std::uint16_t RawServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}
std::size_t RawServer::connections() const {
  return impl_->seen->connections;
}
const std::vector<std::string>& RawServer::requests() const {
  return impl_->seen->requests;
}
const std::vector<std::string>& RawServer::server_names() const {
  return impl_->seen->server_names;
}
const std::vector<std::string>& RawServer::protocols() const {
  return impl_->seen->protocols;
}

Step read_request() {
  return {Step::Kind::read_request};
}
Step write(std::string bytes) {
  return {Step::Kind::write, std::move(bytes)};
}
Step trickle(std::string bytes, std::chrono::milliseconds pace) {
  return {Step::Kind::trickle, std::move(bytes), pace};
}
Step repeat(std::string bytes) {
  return {Step::Kind::repeat, std::move(bytes)};
}
Step close() {
  return {Step::Kind::close};
}
Step drop() {
  return {Step::Kind::drop};
}
Step reset() {
  return {Step::Kind::reset};
}
Step stall() {
  return {Step::Kind::stall};
}
Script answering(std::string response) {
  return {read_request(), write(std::move(response)), stall()};
}

}  // namespace test_support
