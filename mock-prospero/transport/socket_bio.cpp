#include "transport/socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace mock::transport {
namespace {

SocketEnd& end_of(BIO* bio) {
  return *static_cast<SocketEnd*>(BIO_get_data(bio));
}

bool only_for_now(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int write_some(BIO* bio, const char* bytes, int size) {
  auto& end = end_of(bio);
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(end.handle, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0) return static_cast<int>(sent);
  if (only_for_now(errno)) {
    BIO_set_retry_write(bio);
  } else {
    end.error = errno;
  }
  return -1;
}

int read_some(BIO* bio, char* into, int size) {
  auto& end = end_of(bio);
  BIO_clear_retry_flags(bio);
  if (end.reads_left-- <= 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto got = ::recv(end.handle, into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got >= 0) return static_cast<int>(got);
  if (only_for_now(errno)) {
    BIO_set_retry_read(bio);
  } else {
    end.error = errno;
  }
  return -1;
}

// Nothing is kept back, so flushing always comes through; of the rest a socket knows nothing.
long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "non-blocking socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write(method, write_some);
  BIO_meth_set_read(method, read_some);
  BIO_meth_set_ctrl(method, control);
  return method;
}

}  // namespace

BioPtr make_socket_bio(SocketEnd& end) {
  static const BIO_METHOD* const method = make_method();
  BioPtr bio(method == nullptr ? nullptr : BIO_new(method));
  if (!bio) return bio;
  BIO_set_data(bio.get(), &end);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace mock::transport
