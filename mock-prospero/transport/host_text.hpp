// The spellings of hosts: loose IPv4 numbers and A-labels. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/address_v4.hpp>

namespace mock::transport {

/// How a browser or curl reads a host whose last label is a number: as an IPv4 address of one to four parts, each
/// decimal, octal (leading 0) or hexadecimal (leading 0x), the last one filling the rest.
struct LooseIpv4 {
  bool looks_numeric = false;  ///< the last label is a number: this cannot be a name
  std::optional<boost::asio::ip::address_v4> address;
};
LooseIpv4 read_loose_ipv4(std::string_view host);

/// The A-label form (RFC 3492, "xn--...") of a UTF-8 host, or empty if it is no valid UTF-8. Characters are encoded as
/// they stand, only ASCII letters become lower case.
std::optional<std::string> a_label_form(std::string_view host);

}  // namespace mock::transport
