// A connection as the attempt sees it: bytes, in plain TCP or in TLS.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "transport/url.hpp"

namespace mock::transport {

/// The callback of write() may come from inside it, the others never come from inside the call that starts them; after
/// close() they come with an error. One read and one write may be under way at a time; whoever starts them keeps the
/// stream, and what they write from or read into, until their callbacks came.
class Stream {
 public:
  using Done = std::function<void(boost::system::error_code, std::size_t)>;
  virtual ~Stream() = default;
  virtual void handshake(std::function<void(boost::system::error_code)> done) = 0;
  virtual void write(boost::asio::const_buffer bytes, Done done) = 0;
  virtual void read_some(boost::asio::mutable_buffer into, Done done) = 0;
  /// With nothing under way: the peer has neither closed nor sent anything that was not read.
  virtual bool is_quiet() = 0;
  /// Closes at once. With nothing under way, TLS says goodbye first if the socket takes it without waiting.
  virtual void close(bool in_order) = 0;
  /// After a failed handshake: what is wrong with the certificate, or empty.
  virtual std::string certificate_problem() const = 0;
};

std::shared_ptr<Stream> make_plain_stream(boost::asio::ip::tcp::socket socket);
/// Null if OpenSSL refuses the host's name.
std::shared_ptr<Stream> make_tls_stream(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context,
                                        const WebhookUrl& url);

/// The peer has neither closed nor sent anything, as far as this machine has been told.
bool nothing_to_read(boost::asio::ip::tcp::socket& socket);
/// The peer closed its side: in order, or in TLS without saying so.
bool is_end_of_stream(boost::system::error_code error);
/// TLS failed after the handshake: an alert (TLS 1.3 refuses a client only then), or bytes that are no TLS.
bool is_tls_failure(boost::system::error_code error);

}  // namespace mock::transport
