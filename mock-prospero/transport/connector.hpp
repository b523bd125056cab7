// One TCP connection to the first of several addresses that answers (RFC 8305: staggered, families interleaved).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace mock::transport {

using Tcp = boost::asio::ip::tcp;

/// Addresses in the order to try them: that of `endpoints`, with the families taking turns.
std::vector<Tcp::endpoint> interleave(const std::vector<Tcp::endpoint>& endpoints);

/// "127.0.0.1:443" or "[::1]:443".
std::string text_of(const Tcp::endpoint& endpoint);

/// Starts a connection, the next one 250 ms later or as soon as one fails; the first that stands wins, the others are
/// closed without a byte sent. One use only; for the loop's thread.
class Connector {
 public:
  struct Failure {
    Tcp::endpoint endpoint;
    boost::system::error_code error;
  };
  /// Either the socket is open, or every endpoint has its failure.
  using Done = std::function<void(Tcp::socket, std::vector<Failure>)>;

  /// `endpoints` is not empty. `done` is called once, never from inside the constructor.
  Connector(boost::asio::io_context& io, std::vector<Tcp::endpoint> endpoints, Done done);
  /// Cancels: `done` is then not called.
  ~Connector();

 private:
  struct Race;
  std::shared_ptr<Race> race_;
};

}  // namespace mock::transport
