#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace listener_test {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

void trust(SSL_CTX* context, const std::string& ca_pem) {
  BIO* const in = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
  X509* const ca = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  if (!ca || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca) != 1) fail("the CA cannot be trusted");
  X509_free(ca);
  BIO_free(in);
}

std::string wire_form(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const auto& protocol : protocols) wire += static_cast<char>(protocol.size()) + protocol;
  return wire;
}

}  // namespace

int new_socket() {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  if (made < 0) fail("no socket");
  return made;
}

Client::Client(std::uint16_t port) : Client(new_socket(), port) {}

Client::Client(int unconnected_socket, std::uint16_t port) : socket_(unconnected_socket) {
  const timeval limit{20, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    fail("connection refused");
  }
}

Client::~Client() {
  close(socket_);
}

void Client::start_tls(const TlsOffer& offer) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  trust(context_.get(), offer.ca_pem);
  if (offer.version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), offer.version);
    SSL_CTX_set_max_proto_version(context_.get(), offer.version);
  }
  if (!offer.ciphers.empty() && SSL_CTX_set_cipher_list(context_.get(), offer.ciphers.c_str()) != 1) fail("ciphers");
  if (!offer.groups.empty() && SSL_CTX_set1_groups_list(context_.get(), offer.groups.c_str()) != 1) fail("groups");
  tls_.reset(SSL_new(context_.get()));
  const std::string protocols = wire_form(offer.alpn);
  SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                      static_cast<unsigned>(protocols.size()));
  SSL_set1_host(tls_.get(), "localhost");
  SSL_set_fd(tls_.get(), socket_);
  if (SSL_connect(tls_.get()) == 1) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  fail(std::string("no TLS session: ") + text.data());
}

void Client::send(const std::string& bytes) {
  if (tls_) {
    if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) fail("TLS write failed");
    return;
  }
  send_raw(bytes);
}

void Client::send_raw(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto size = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) fail("write failed");
    sent += static_cast<std::size_t>(size);
  }
}

std::string Client::make_key_updates(int count) {
  BIO* const made = BIO_new(BIO_s_mem());
  SSL_set0_wbio(tls_.get(), made);
  for (int i = 0; i < count; ++i) {
    SSL_key_update(tls_.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
    if (SSL_do_handshake(tls_.get()) != 1) fail("no key update");
  }
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(made, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void Client::finish_sending() {
  if (tls_) SSL_shutdown(tls_.get());
  shutdown(socket_, SHUT_WR);
}

/// Number of bytes; 0 or less at the end.
long Client::receive(char* into, std::size_t size) {
  if (tls_) return SSL_read(tls_.get(), into, static_cast<int>(size));
  return ::recv(socket_, into, size, 0);
}

void Client::fill() {
  std::array<char, 4096> bytes;
  const long size = receive(bytes.data(), bytes.size());
  if (size <= 0) fail("the connection ended after: " + received_);
  received_.append(bytes.data(), static_cast<std::size_t>(size));
}

std::string Client::take(std::size_t size) {
  while (received_.size() < size) fill();
  const std::string taken = received_.substr(0, size);
  received_.erase(0, size);
  return taken;
}

std::string Client::take_until(const std::string& mark) {
  std::size_t at;
  while ((at = received_.find(mark)) == std::string::npos) fill();
  return take(at + mark.size());
}

Answer Client::read_answer(bool of_head_request) {
  Answer answer;
  answer.head = take_until("\r\n\r\n");
  answer.status = std::stoi(answer.head.substr(9, 3));
  const std::string length = "\r\nContent-Length: ";
  const auto at = answer.head.find(length);
  if (at != std::string::npos && !of_head_request)
    answer.body = take(std::stoul(answer.head.substr(at + length.size())));
  return answer;
}

bool Client::has_ended() {
  char byte;
  return received_.empty() && receive(&byte, 1) <= 0 && (tls_ || (errno != EAGAIN && errno != EWOULDBLOCK));
}

bool Client::is_readable(std::chrono::milliseconds wait) {
  if (!received_.empty() || (tls_ && SSL_pending(tls_.get()) > 0)) return true;
  pollfd watched{socket_, POLLIN, 0};
  return poll(&watched, 1, static_cast<int>(wait.count())) > 0;
}

std::string Client::alpn() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

std::string post(const std::string& path, const std::string& body, const std::string& fields) {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

}  // namespace listener_test
