// Which addresses a push may go to (D6): the public ones, and those that a flag of the mock allows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>

namespace mock::transport {

using Address = boost::asio::ip::address;

/// Why a URL, an address or a flag is not accepted: one line for people. It never holds a URL's path.
struct Refusal {
  std::string reason;
};
[[noreturn]] void throw_exception_from_error(const Refusal& refusal, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Refusal>;

/// A range of addresses of one family, such as 10.1.0.0/16 or fd00::/8.
class Network {
 public:
  /// `text` is ADDRESS/BITS, or a lone address for exactly that one. Bits outside of the prefix must be zero, so that
  /// a slip of the keyboard does not allow another range than the one that was meant.
  static Result<Network> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Network(const Address& base, unsigned bits) : base_(base), bits_(bits) {}
  Address base_;
  unsigned bits_;
};

/// What is lifted of D6. The default is Prospero's.
struct UrlPolicy {
  bool allow_local = false;         ///< loopback addresses (127.0.0.0/8, ::1) and the names under localhost
  bool allow_http = false;          ///< plain http
  std::vector<Network> allow_nets;  ///< exactly these ranges
};

/// What kind of non-public address this is ("private", "loopback", ...), or empty for a public one. An IPv6 address
/// that wraps an IPv4 one is non-public whatever it wraps.
std::string_view non_public_kind(const Address& address);

/// Why a push may not go there ("127.0.0.1 is not a public address (loopback ..."), or empty if it may (D6).
std::optional<std::string> refuse_address(const Address& address, const UrlPolicy& policy);

}  // namespace mock::transport
