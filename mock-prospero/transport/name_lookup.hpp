// Names to addresses, as a port: one hung name must never hold up another one, nor the end of the process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "transport/address_policy.hpp"

namespace mock::transport {

/// The addresses in the order to try them, or why there are none (one line for people).
struct LookupResult {
  std::vector<Address> addresses;
  std::string error;  ///< empty on success
};

/// Owns one look-up under way. Destroying it cancels: `done` is then not called.
class PendingLookup {
 public:
  virtual ~PendingLookup() = default;
};

class NameLookup {
 public:
  using Done = std::function<void(LookupResult)>;
  virtual ~NameLookup() = default;
  /// `host` is a name without trailing dot (plain_host). Never blocks; calls `done` at most once, later, on the loop's
  /// thread, never from inside this call.
  [[nodiscard]] virtual std::unique_ptr<PendingLookup> resolve(const std::string& host, Done done) = 0;
};

/// The name server to ask instead of the system's.
struct DnsServer {
  Address address;
  std::uint16_t port = 53;
  /// ADDRESS[:PORT], an IPv6 address in brackets.
  static Result<DnsServer> parse(std::string_view text);
};

/// c-ares on the loop of `io`: hosts file first, then DNS (per try 1 s and doubling, 3 tries), names taken as absolute.
/// localhost and the names under it are loopback without asking anyone (RFC 6761). Each look-up has its own channel.
/// For the one thread that runs `io`; `io` must outlive it.
std::unique_ptr<NameLookup> make_cares_lookup(boost::asio::io_context& io, std::optional<DnsServer> server = {});

}  // namespace mock::transport
