// Who may call: a web page that is open on the same machine must not drive the mock, and elsewhere than on loopback a
// token is asked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/exchange.hpp"

namespace mock::api {

/// Under which URL a proxy in front of this server is reached.
struct PublicUrl {
  std::string origin;          ///< "https://mock.example", lower case, without a default port
  std::string authority;       ///< "mock.example", as a client writes it into the Host field
  std::string full_authority;  ///< "mock.example:443": the same with a default port, which some proxies write
  std::string prefix;          ///< "/prospero", what the proxy leaves in front of our paths; may be empty

  /// `http(s)://host[:port][/path]`. Throws std::invalid_argument: one line that says what is wrong.
  static PublicUrl parse(std::string_view text);
};

struct GuardOptions {
  std::string host;        ///< what the API listens on, as given: a name or an address, IPv6 without brackets
  std::uint16_t port = 0;  ///< the port that it got
  std::string token;       ///< empty: none is asked for
  std::optional<PublicUrl> public_url = {};
};

/// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view host);

/// Thread-safe after construction.
class Guard {
 public:
  explicit Guard(GuardOptions options);

  /// Throws Error 403 unless there is exactly one Host field and it is our own (a name that an attacker has pointed
  /// here is not), or for an Origin that is not ours. Ours are the address that is listened on, `localhost` when that
  /// is loopback, and any IP address when it is all of them (0.0.0.0, ::): names can be pointed at us, addresses
  /// cannot.
  void require_own(const Request& request) const;

  /// Throws Error 401 unless the token is there, compared in constant time. To be asked after require_own().
  void require_token(const Request& request) const;

  /// The path of a call without the prefix of the public URL, if it has it.
  std::string own_path(const std::string& path) const;

  /// "/prospero", or nothing without a public URL.
  std::string prefix() const { return options_.public_url ? options_.public_url->prefix : ""; }

  /// Where a call of the prefix without its last slash should have gone: relative addresses of a page need the slash.
  std::optional<std::string> redirection(const std::string& path) const;

 private:
  bool is_own(std::string_view authority) const;
  bool is_own_host(std::string_view authority) const;

  using Digest = std::array<unsigned char, 32>;
  static Digest digest(std::string_view text);

  GuardOptions options_;
  Digest token_digest_;
};

}  // namespace mock::api
