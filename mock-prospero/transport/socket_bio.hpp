// How OpenSSL reads and writes a non-blocking socket. It has such a BIO itself, but that one writes without
// MSG_NOSIGNAL: a peer that has gone would end the process by a SIGPIPE.
#pragma once

#include <openssl/bio.h>

#include <limits>
#include <memory>

namespace mock::transport {

/// A socket, and why it failed last.
struct SocketEnd {
  int handle = -1;
  /// Reads of the socket until it is said to have nothing for now: a peer whose records hold no data, one after the
  /// other, would otherwise keep OpenSSL reading.
  int reads_left = std::numeric_limits<int>::max();
  int error = 0;  ///< errno; 0 if it never failed, or only had nothing to give or no room at that moment
};

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

/// Never blocks, closes nothing. `end` must outlive it. Null without memory.
BioPtr make_socket_bio(SocketEnd& end);

}  // namespace mock::transport
