#include "bad_server.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bad_consumers {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

struct Free {
  void operator()(SSL_CTX* object) const { SSL_CTX_free(object); }
  void operator()(SSL* object) const { SSL_free(object); }
  void operator()(BIO* object) const { BIO_free(object); }
  void operator()(X509* object) const { X509_free(object); }
  void operator()(EVP_PKEY* object) const { EVP_PKEY_free(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> memory_of(const std::string& text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Owned<SSL_CTX> context_of(const ServerOptions& options) {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  const Owned<X509> certificate(PEM_read_bio_X509(memory_of(options.certificate.pem).get(), nullptr, nullptr, nullptr));
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(memory_of(options.certificate.key_pem).get(), nullptr, nullptr, nullptr));
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    throw std::runtime_error("the certificate of a bad consumer is no good");
  }
  if (options.lowest_tls != 0 && options.lowest_tls < TLS1_2_VERSION) {
    SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
  }
  if (options.lowest_tls != 0) SSL_CTX_set_min_proto_version(context.get(), options.lowest_tls);
  if (options.highest_tls != 0) SSL_CTX_set_max_proto_version(context.get(), options.highest_tls);
  return context;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

std::string Request::field(const std::string& name) const {
  const auto at = head.find("\r\n" + name + ":");
  if (at == std::string::npos) return {};
  const auto begin = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(begin, head.find('\r', begin) - begin);
}

struct BadServer::Impl {
  explicit Impl(ServerOptions wanted) : options(std::move(wanted)), context(context_of(options)) {
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, raw, size) != 0 || ::listen(listener, 512) != 0 || ::getsockname(listener, raw, &size) != 0) {
      throw std::runtime_error("a bad consumer has no port to listen on");
    }
    number = ntohs(address.sin_port);
    acceptor = std::thread([this] { accept(); });
  }

  ~Impl() {
    stopping = true;
    woken.notify_all();
    acceptor.join();
    std::unique_lock lock(mutex);
    woken.wait(lock, [this] { return serving == 0; });
    ::close(listener);
  }

  // Waits until there is something to read; false at the end.
  bool readable(int fd) const {
    pollfd waiting{fd, POLLIN, 0};
    while (!stopping) {
      if (::poll(&waiting, 1, 100) > 0) return true;
    }
    return false;
  }

  // The port stays its own, so that nobody else is met there.
  void die() {
    dead = true;
    ::shutdown(listener, SHUT_RDWR);
    auto address = loopback(number);
    ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }

  void broke(long body_bytes) {
    options.on_broken(body_bytes);
    if (options.dies_of_broken(body_bytes)) die();
  }

  void accept() {
    while (!dead && readable(listener)) {
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      if (options.one_at_a_time) {
        serve(fd);
        continue;
      }
      {
        const std::scoped_lock lock(mutex);
        ++serving;
      }
      std::thread([this, fd] {
        serve(fd);
        const std::scoped_lock lock(mutex);
        --serving;
        woken.notify_all();
      }).detach();
    }
  }

  struct Connection {
    const Impl& server;
    int fd;
    SSL* ssl;
    std::string buffer{};

    bool read_more() {
      std::array<char, 16 * 1024> bytes;
      if ((ssl == nullptr || SSL_pending(ssl) == 0) && !server.readable(fd)) return false;
      const auto got = ssl == nullptr ? ::read(fd, bytes.data(), bytes.size())
                                      : SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size()));
      if (got > 0) buffer.append(bytes.data(), static_cast<std::size_t>(got));
      return got > 0;
    }
    bool read_until(std::size_t size) {
      while (buffer.size() < size) {
        if (!read_more()) return false;
      }
      return true;
    }
    std::string take(std::size_t size) {
      auto taken = buffer.substr(0, size);
      buffer.erase(0, size);
      return taken;
    }
    bool take_line(std::string& line) {
      while (buffer.find("\r\n") == std::string::npos) {
        if (!read_more()) return false;
      }
      line = take(buffer.find("\r\n") + 2);
      return true;
    }
    bool write(const std::string& bytes) {
      if (bytes.empty()) return true;
      return ssl == nullptr ? ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0
                            : SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
  };

  static bool read_chunks(Connection& connection, std::string& body) {
    std::string line;
    while (connection.take_line(line)) {
      const auto size = std::stoul(line, nullptr, 16);
      if (!connection.read_until(size + 2)) return false;
      body += connection.take(size + 2).substr(0, size);
      if (size == 0) return true;
    }
    return false;
  }

  bool read_request(Connection& connection, Request& request) {
    std::size_t end = std::string::npos;
    while ((end = connection.buffer.find("\r\n\r\n")) == std::string::npos) {
      if (connection.read_more()) continue;
      if (!connection.buffer.empty()) broke(-1);
      return false;
    }
    request.head = connection.take(end + 4);
    request.method = request.head.substr(0, request.head.find(' '));
    const auto target = request.method.size() + 1;
    request.target = request.head.substr(target, request.head.find(' ', target) - target);
    const auto fields = lower(request.head);
    const auto begin = Steady::now();
    bool complete = true;
    if (const auto at = fields.find("\r\ncontent-length:"); at != std::string::npos) {
      request.counted = true;
      const auto size = std::stoul(fields.substr(at + 17));
      complete = connection.read_until(size);
      if (complete) request.body = connection.take(size);
    } else if (fields.find("\r\ntransfer-encoding: chunked") != std::string::npos) {
      complete = read_chunks(connection, request.body);
    }
    request.body_took = std::chrono::duration_cast<milliseconds>(Steady::now() - begin);
    if (!complete) broke(static_cast<long>(connection.buffer.size()));
    return complete;
  }

  void pause(milliseconds time) {
    std::unique_lock lock(mutex);
    woken.wait_for(lock, time, [this] { return stopping.load(); });
  }

  // False when the connection is to be closed.
  bool send(Connection& connection, const Reply& reply) {
    const auto announced = reply.body.size() + (reply.manner == Reply::Manner::truncated ? 10 : 0);
    const auto head = "HTTP/1.1 " + std::to_string(reply.status) + " Status\r\n" + reply.fields +
                      "Content-Length: " + std::to_string(announced) + "\r\n\r\n";
    switch (reply.manner) {
      case Reply::Manner::complete:
        return connection.write(head + reply.body) && reply.fields.find("Connection: close") == std::string::npos;
      case Reply::Manner::truncated:
        connection.write(head + reply.body);
        return false;
      case Reply::Manner::trickled:
        connection.write(head);
        for (const char byte : reply.body) {
          pause(milliseconds(1000));
          if (stopping || !connection.write(std::string(1, byte))) return false;
        }
        return true;
      case Reply::Manner::dropped:
        return false;
      case Reply::Manner::not_http:
        connection.write("220 mail.example ESMTP\r\n");
        return false;
    }
    return false;
  }

  void exchange(Connection& connection) {
    for (int number_on_it = 1; !stopping; ++number_on_it) {
      Request request;
      request.on_connection = number_on_it;
      if (!read_request(connection, request)) return;
      request.under_way = ++under_way;
      const Reply reply = options.answer(request);
      pause(reply.delay);
      --under_way;  // before the answer is out: what its receiver sends next does not overlap
      if (!send(connection, reply) || options.one_at_a_time) return;
    }
  }

  bool is_for_us(SSL* ssl) const {
    const auto* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    return options.only_name.empty() || (name != nullptr && options.only_name == name);
  }

  void serve(int fd) {
    timeval limit{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (options.plain) {
      Connection connection{*this, fd, nullptr};
      exchange(connection);
      ::close(fd);
      return;
    }
    const Owned<SSL> ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), fd);
    if (readable(fd) && SSL_accept(ssl.get()) == 1 &&
        !(options.refuses_resumed && SSL_session_reused(ssl.get()) == 1) && is_for_us(ssl.get())) {
      Connection connection{*this, fd, ssl.get()};
      exchange(connection);
      SSL_shutdown(ssl.get());
    }
    ::close(fd);
  }

  ServerOptions options;
  Owned<SSL_CTX> context;
  int listener = -1;
  std::uint16_t number = 0;
  std::atomic<bool> stopping{false}, dead{false};
  std::atomic<int> under_way{0};
  std::mutex mutex;
  std::condition_variable woken;
  int serving = 0;
  std::thread acceptor;
};

BadServer::BadServer(ServerOptions options) {
  std::signal(SIGPIPE, SIG_IGN);
  impl_ = std::make_unique<Impl>(std::move(options));
}

BadServer::~BadServer() = default;

std::uint16_t BadServer::port() const {
  return impl_->number;
}

}  // namespace bad_consumers
