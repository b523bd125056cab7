// A webhook's URL: judged by the policy (D6), taken apart for one request, normalized for comparing (G3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "transport/address_policy.hpp"

namespace mock::transport {

/// A URL that the policy accepted. Its path and query are the consumer's secret: they leave this type only through
/// text(), normalized() and target(), none of which belongs in a log.
class WebhookUrl {
 public:
  /// Refuses, with the reason and the flag that would allow it: a scheme other than https (http with allow_http), user
  /// info, a fragment, port 0, localhost in every spelling, a host that is no ASCII host name (naming its A-label), and
  /// IP literals, in every spelling that the usual clients read, which the policy refuses. Names are not looked up.
  static Result<WebhookUrl> parse(std::string_view text, const UrlPolicy& policy);

  const std::string& text() const { return text_; }              ///< as registered
  const std::string& normalized() const { return normalized_; }  ///< equal for URLs that are the same one (G3)
  std::string redacted() const;                                  ///< "https://host:port/***", for people

  bool https() const { return https_; }
  const std::string& host() const { return host_; }  ///< as written, an IPv6 literal in its brackets
  std::uint16_t port() const { return port_; }
  const std::optional<Address>& literal() const { return literal_; }  ///< set if the host is an IP address
  const std::string& target() const { return target_; }               ///< path and query as sent, "/" if empty
  std::string authority() const;                                      ///< for the Host field: no default port

 private:
  WebhookUrl() = default;
  std::uint16_t default_port() const { return https_ ? 443 : 80; }
  std::string port_suffix() const;

  std::string text_, normalized_, host_, target_;
  std::optional<Address> literal_;
  std::uint16_t port_ = 443;
  bool https_ = true;
};

/// "localhost" and every name under it, in any case, with or without a trailing dot.
bool is_localhost_name(std::string_view host);

/// A host without its trailing dot and in lower case: how names are looked up and checked against certificates.
std::string plain_host(std::string_view host);

}  // namespace mock::transport
