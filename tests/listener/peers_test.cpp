#include "listener_peers.hpp"

#include <boost/test/unit_test.hpp>
#include <prospero/webhooks/receive/listener.hpp>

namespace pw = prospero::webhooks;
using boost::asio::ip::make_address;
using pw::detail::PeerFilter;

BOOST_AUTO_TEST_SUITE(peers)

BOOST_AUTO_TEST_CASE(only_those_of_the_networks_are_allowed) {
  const PeerFilter filter({"10.1.0.0/16", "192.0.2.7", "fd00::/8", "0.0.0.0/32"});
  for (const char* inside : {"10.1.0.0", "10.1.255.255", "192.0.2.7", "fd12::1", "::ffff:10.1.2.3"})
    BOOST_TEST(filter.allows(make_address(inside)), inside);
  for (const char* outside : {"10.2.0.0", "192.0.2.8", "fe80::1", "::1", "127.0.0.1", "::ffff:10.2.0.1", "0.0.0.1"})
    BOOST_TEST(!filter.allows(make_address(outside)), outside);
}

BOOST_AUTO_TEST_CASE(a_network_may_be_given_by_any_of_its_addresses) {
  BOOST_TEST(PeerFilter({"10.1.2.3/16"}).allows(make_address("10.1.9.9")));
  BOOST_TEST(PeerFilter({"0.0.0.0/0"}).allows(make_address("192.0.2.1")));
  BOOST_TEST(!PeerFilter({"0.0.0.0/0"}).allows(make_address("::1")));
}

BOOST_AUTO_TEST_CASE(without_networks_everyone_is_allowed) {
  BOOST_TEST(PeerFilter({}).allows(make_address("192.0.2.1")));
  BOOST_TEST(PeerFilter({}).allows(make_address("::1")));
}

BOOST_AUTO_TEST_CASE(what_is_no_network_is_named) {
  for (const char* bad : {"", "/", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "proxy.example", "10.0.0.0/-1", "::1/x"})
    BOOST_CHECK_EXCEPTION(PeerFilter({bad}), pw::ListenError, [&](const auto& error) {
      return std::string(error.what()).find("'" + std::string(bad) + "'") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
