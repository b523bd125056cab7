#include "conformance/wire_socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <cctype>
#include <cerrno>
#include <system_error>
#include <utility>

#include "transport/tls_client.hpp"

namespace mock::conformance {
namespace {

constexpr std::chrono::milliseconds asked_every(50);  // whether the run is interrupted

std::string text_of_errno() {
  return std::generic_category().message(errno);
}

std::string text_of_tls_error() {
  const auto code = ERR_get_error();
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "closed by the peer";
}

std::pair<int, int> version_range(TlsVersion version) {
  switch (version) {
    case TlsVersion::any:
      return {TLS1_2_VERSION, TLS1_3_VERSION};
    case TlsVersion::v1_0:
      return {TLS1_VERSION, TLS1_VERSION};
    case TlsVersion::v1_1:
      return {TLS1_1_VERSION, TLS1_1_VERSION};
    case TlsVersion::v1_2:
      return {TLS1_2_VERSION, TLS1_2_VERSION};
    case TlsVersion::v1_3:
      return {TLS1_3_VERSION, TLS1_3_VERSION};
  }
  return {};
}

// Versions that are no longer safe are offered only to see that they are refused.
void set_versions(SSL* ssl, TlsVersion version) {
  const auto [lowest, highest] = version_range(version);
  SSL_set_min_proto_version(ssl, lowest);
  SSL_set_max_proto_version(ssl, highest);
  if (highest < TLS1_2_VERSION) {
    SSL_set_cipher_list(ssl, "DEFAULT:@SECLEVEL=0");
  }
}

std::string in_capitals(std::string_view host) {
  auto name = transport::plain_host(host);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

}  // namespace

WireSocket::~WireSocket() {
  ssl_.reset();
  if (fd_ >= 0) ::close(fd_);
}

bool WireSocket::fail(std::string problem) {
  problem_ = late_ ? "not finished in time" : std::move(problem);
  return false;
}

bool WireSocket::wait_for(short events, Deadline deadline) {
  pollfd waiting{fd_, events, 0};
  while (!interrupted()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    late_ = left.count() <= 0;
    if (late_) return false;
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min(left, asked_every).count()));
    if (ready != 0) return ready > 0;
  }
  return false;
}

bool WireSocket::connect(const transport::Address& address, std::uint16_t port, Deadline deadline) {
  const boost::asio::ip::tcp::endpoint peer(address, port);
  fd_ = ::socket(address.is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return fail(text_of_errno());
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // without it a piece is only later
  if (::connect(fd_, peer.data(), static_cast<socklen_t>(peer.size())) != 0 && errno != EINPROGRESS) {
    return fail(text_of_errno());
  }
  if (!wait_for(POLLOUT, deadline)) return fail("interrupted while connecting");
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
    return fail(std::generic_category().message(error));
  }
  connected_ = true;
  return true;
}

bool WireSocket::wait_for_tls(int result, Deadline deadline) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return wait_for(POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return wait_for(POLLOUT, deadline);
    default:  // every other code of OpenSSL ends the connection
      return false;
  }
}

bool WireSocket::handshake(SSL_CTX* context, const transport::WebhookUrl& url, TlsVersion version, SSL_SESSION* session,
                           Deadline deadline) {
  ERR_clear_error();
  ssl_.reset(SSL_new(context));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1 || !transport::set_server_name(ssl_.get(), url)) {
    return fail("OpenSSL does not take this host as a server name");
  }
  if (name_in_capitals_ && SSL_set_tlsext_host_name(ssl_.get(), in_capitals(url.host()).c_str()) != 1) {
    return fail("OpenSSL does not take this host as a server name");
  }
  set_versions(ssl_.get(), version);
  if (session != nullptr) SSL_set_session(ssl_.get(), session);
  while (true) {
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return true;
    if (!wait_for_tls(result, deadline)) return fail("TLS handshake failed: " + text_of_tls_error());
  }
}

bool WireSocket::send(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    ERR_clear_error();
    const auto sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    const bool again = ssl_ ? wait_for_tls(sent, deadline) : errno == EAGAIN && wait_for(POLLOUT, deadline);
    if (!again) return fail("connection lost while sending");
  }
  return true;
}

WireSocket::Read WireSocket::read(std::string& into, Deadline deadline) {
  std::array<char, 16 * 1024> buffer;
  while (true) {
    ERR_clear_error();
    const auto got = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                          : static_cast<int>(::recv(fd_, buffer.data(), buffer.size(), 0));
    if (got > 0) {
      into.assign(buffer.data(), static_cast<std::size_t>(got));
      return Read::some;
    }
    if (got == 0) return Read::end;
    const bool again = ssl_ ? wait_for_tls(got, deadline) : errno == EAGAIN && wait_for(POLLIN, deadline);
    if (again) continue;
    fail(ssl_ ? text_of_tls_error() : "connection lost");
    return late_ ? Read::late : Read::failed;
  }
}

}  // namespace mock::conformance
