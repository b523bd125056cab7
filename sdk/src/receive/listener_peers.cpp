#include "listener_peers.hpp"

#include <algorithm>
#include <prospero/webhooks/receive/listener.hpp>

namespace prospero::webhooks::detail {
namespace {

namespace ip = boost::asio::ip;

template <class Network, class Address>
bool any_holds(const std::vector<Network>& networks, const Address& address) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
    return Network(address, network.prefix_length()).canonical() == network.canonical();
  });
}

}  // namespace

PeerFilter::PeerFilter(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const bool has_prefix = text.find('/') != std::string::npos;
    boost::system::error_code error;
    const auto v4 = ip::make_network_v4(has_prefix ? text : text + "/32", error);
    if (!error) {
      v4_.push_back(v4);
      continue;
    }
    const auto v6 = ip::make_network_v6(has_prefix ? text : text + "/128", error);
    if (error) throw ListenError("'" + text + "' is no network: give one such as 10.0.0.0/8, fd00::/8 or 127.0.0.1");
    v6_.push_back(v6);
  }
}

bool PeerFilter::allows(const ip::address& peer) const {
  if (v4_.empty() && v6_.empty()) return true;
  if (peer.is_v4()) return any_holds(v4_, peer.to_v4());
  const ip::address_v6 v6 = peer.to_v6();
  return v6.is_v4_mapped() ? any_holds(v4_, ip::make_address_v4(ip::v4_mapped, v6)) : any_holds(v6_, v6);
}

}  // namespace prospero::webhooks::detail
