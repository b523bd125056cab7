#include "transport/address_policy.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace utf = boost::unit_test;
using namespace mock::transport;

namespace {

Address address(const std::string& text) {
  return boost::asio::ip::make_address(text);
}

struct Row {
  const char* text;
  const char* kind;  ///< "" for public
};

}  // namespace

BOOST_AUTO_TEST_SUITE(address_policy)

// The first and last address of each range, and the neighbours outside of it.
BOOST_AUTO_TEST_CASE(knows_the_kind_of_every_ipv4_range, *utf::label("D6")) {
  const std::vector<Row> rows{
      {"0.0.0.0", "unspecified"},
      {"0.255.255.255", "unspecified"},
      {"1.0.0.0", ""},
      {"9.255.255.255", ""},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"11.0.0.0", ""},
      {"100.63.255.255", ""},
      {"100.64.0.0", "shared (carrier-grade NAT)"},
      {"100.127.255.255", "shared (carrier-grade NAT)"},
      {"100.128.0.0", ""},
      {"126.255.255.255", ""},
      {"127.0.0.0", "loopback"},
      {"127.255.255.255", "loopback"},
      {"128.0.0.0", ""},
      {"169.253.255.255", ""},
      {"169.254.0.0", "link-local"},
      {"169.254.169.254", "link-local"},
      {"169.254.255.255", "link-local"},
      {"169.255.0.0", ""},
      {"172.15.255.255", ""},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"172.32.0.0", ""},
      {"191.255.255.255", ""},
      {"192.0.0.0", "reserved"},
      {"192.0.0.255", "reserved"},
      {"192.0.1.0", ""},
      {"192.0.2.0", "documentation"},
      {"192.0.2.255", "documentation"},
      {"192.0.3.0", ""},
      {"192.88.98.255", ""},
      {"192.88.99.0", "6to4 relay"},
      {"192.88.99.255", "6to4 relay"},
      {"192.88.100.0", ""},
      {"192.167.255.255", ""},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"192.169.0.0", ""},
      {"198.17.255.255", ""},
      {"198.18.0.0", "benchmark"},
      {"198.19.255.255", "benchmark"},
      {"198.20.0.0", ""},
      {"198.51.99.255", ""},
      {"198.51.100.0", "documentation"},
      {"198.51.100.255", "documentation"},
      {"198.51.101.0", ""},
      {"203.0.112.255", ""},
      {"203.0.113.0", "documentation"},
      {"203.0.113.255", "documentation"},
      {"203.0.114.0", ""},
      {"223.255.255.255", ""},
      {"224.0.0.0", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.0", "reserved"},
      {"255.255.255.254", "reserved"},
      {"255.255.255.255", "broadcast"},
  };
  for (const auto& row : rows) BOOST_TEST_CONTEXT(row.text) BOOST_TEST(non_public_kind(address(row.text)) == row.kind);
}

BOOST_AUTO_TEST_CASE(knows_the_kind_of_every_ipv6_range, *utf::label("D6")) {
  const std::vector<Row> rows{
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::2", "IPv4-compatible"},
      {"::ffff:ffff", "IPv4-compatible"},
      {"::fffe:ffff:ffff", "reserved"},
      {"::ffff:0.0.0.0", "IPv4-mapped"},
      {"::ffff:8.8.8.8", "IPv4-mapped"},
      {"::ffff:255.255.255.255", "IPv4-mapped"},
      {"::1:0:0:0", "reserved"},
      {"64:ff9b::", "NAT64"},
      {"64:ff9b::ffff:ffff", "NAT64"},
      {"64:ff9b::1:0:0", "reserved"},
      {"64:ff9b:1::", "NAT64"},
      {"64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"},
      {"64:ff9b:2::", "reserved"},
      {"100::1", "reserved"},
      {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"},
      {"2000::", ""},
      {"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
      {"2001::", "Teredo"},
      {"2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"},
      {"2001:1::", "reserved"},
      {"2001:2::", "benchmark"},
      {"2001:2:0:ffff:ffff:ffff:ffff:ffff", "benchmark"},
      {"2001:2:1::", "reserved"},
      {"2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"},
      {"2001:200::", ""},
      {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", ""},
      {"2001:db8::", "documentation"},
      {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"},
      {"2001:db9::", ""},
      {"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
      {"2002::", "6to4"},
      {"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"},
      {"2003::", ""},
      {"3ffe:ffff::", ""},
      {"3fff::", "documentation"},
      {"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"},
      {"3fff:1000::", ""},
      {"3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ""},
      {"4000::", "reserved"},
      {"fbff::", "reserved"},
      {"fc00::", "unique-local"},
      {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique-local"},
      {"fe00::", "reserved"},
      {"fe80::", "link-local"},
      {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"},
      {"fec0::", "site-local"},
      {"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"},
      {"ff00::", "multicast"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
  };
  for (const auto& row : rows) BOOST_TEST_CONTEXT(row.text) BOOST_TEST(non_public_kind(address(row.text)) == row.kind);
}

BOOST_AUTO_TEST_CASE(allow_local_lifts_loopback_and_nothing_else, *utf::label("D6")) {
  UrlPolicy policy;
  policy.allow_local = true;
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "8.8.8.8"}) {
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!refuse_address(address(text), policy).has_value());
  }
  for (const char* text :
       {"10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1", "0.0.0.0", "::", "169.254.169.254"}) {
    BOOST_TEST_CONTEXT(text) BOOST_TEST(refuse_address(address(text), policy).has_value());
  }
}

BOOST_AUTO_TEST_CASE(allow_net_lifts_exactly_its_range, *utf::label("D6")) {
  UrlPolicy policy;
  policy.allow_nets = {Network::parse("10.1.0.0/20").value(), Network::parse("fd00:1::/33").value()};
  for (const char* text : {"10.1.0.0", "10.1.15.255", "fd00:1::", "fd00:1:7fff:ffff:ffff:ffff:ffff:ffff"}) {
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!refuse_address(address(text), policy).has_value());
  }
  for (const char* text :
       {"10.0.255.255", "10.1.16.0", "127.0.0.1", "fd00:1:8000::", "fd00:0:ffff::", "::ffff:10.1.0.0"}) {
    BOOST_TEST_CONTEXT(text) BOOST_TEST(refuse_address(address(text), policy).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_address_its_kind_and_the_flag, *utf::label("D6")) {
  BOOST_TEST(*refuse_address(address("10.0.0.1"), {}) ==
             "10.0.0.1 is not a public address (private, D6); --allow-net 10.0.0.1 allows it");
  BOOST_TEST(*refuse_address(address("::1"), {}) ==
             "::1 is not a public address (loopback, D6); --allow-local allows it");
}

BOOST_AUTO_TEST_CASE(a_range_that_is_none_is_refused_with_the_reason, *utf::label("D6")) {
  BOOST_TEST(Network::parse("10.0.0.1").value().contains(address("10.0.0.1")));
  BOOST_TEST(!Network::parse("10.0.0.1").value().contains(address("10.0.0.2")));
  BOOST_TEST(Network::parse("0.0.0.0/0").value().contains(address("255.1.2.3")));
  BOOST_TEST(!Network::parse("0.0.0.0/0").value().contains(address("::1")));
  for (const char* bad : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/08",
                          "0.0.0.0/00", "::/129", "10/8", "fe80::1%lo/64"}) {
    BOOST_TEST_CONTEXT(bad) BOOST_TEST(Network::parse(bad).has_error());
  }
  BOOST_TEST(Network::parse("10.0.0.0/010").error().reason.find("begins with a zero") != std::string::npos);
  BOOST_TEST(Network::parse("10.0.0.1/8").error().reason ==
             "'10.0.0.1/8' is not a range of addresses: bits after the prefix are not zero (for example 10.1.0.0/16)");
}

BOOST_AUTO_TEST_SUITE_END()
