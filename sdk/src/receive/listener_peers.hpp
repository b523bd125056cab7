// Who may connect.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <vector>

namespace prospero::webhooks::detail {

/// Immutable, so thread-safe.
class PeerFilter {
 public:
  /// Networks "10.0.0.0/8", "fd00::/8" or single addresses; none: everyone may. Throws ListenError naming the one that
  /// is neither.
  explicit PeerFilter(const std::vector<std::string>& networks);

  /// An IPv4 address that comes as IPv6 (::ffff:10.0.0.1) is judged as IPv4.
  bool allows(const boost::asio::ip::address& peer) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace prospero::webhooks::detail
