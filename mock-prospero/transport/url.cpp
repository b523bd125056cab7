#include "transport/url.hpp"

#include <algorithm>
#include <charconv>

#include "transport/host_text.hpp"
#include "transport/url_text.hpp"

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

constexpr std::size_t url_length_max = 8192;

Refusal refuse(std::string reason) {
  return {"the webhook URL " + std::move(reason)};
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool has_space_or_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

std::optional<Refusal> refuse_characters(std::string_view text) {
  if (text.size() > url_length_max) return refuse("is longer than " + std::to_string(url_length_max) + " bytes");
  if (has_space_or_control(text)) return refuse("contains a space or a control character");
  return std::nullopt;
}

std::optional<Refusal> refuse_parts(const UrlParts& parts, const std::string& scheme, const UrlPolicy& policy) {
  if (scheme != "https" && scheme != "http") return refuse("must start with https:// (D6)");
  if (scheme == "http" && !policy.allow_http && !PROSPERO_FAULT(D6_plain_http_is_accepted)) {
    return refuse("must be https, not http (D6); --allow-http allows it");
  }
  if (parts.user_info) return refuse("must not contain a user name or password");
  if (parts.fragment) return refuse("must not contain a fragment ('#')");
  if (!is_ascii(parts.path) || (parts.query && !is_ascii(*parts.query))) {
    return refuse("contains a character outside of ASCII after the host: percent-encode it");
  }
  if (!is_path_or_query(parts.path) || (parts.query && !is_path_or_query(*parts.query))) {
    return refuse("contains a character that must be percent-encoded after the host");
  }
  return std::nullopt;
}

Result<std::uint16_t> read_port(std::string_view text, std::uint16_t default_port) {
  if (text.empty()) return default_port;
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || stop != text.data() + text.size() || port == 0) {
    return refuse("has no valid port (1 to 65535)");
  }
  return port;
}

bool is_label_character(char c) {
  return (lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : host) {
    if (c == '.' ? label == 0 : !is_label_character(c)) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0;
}

Result<Address> read_ipv6(std::string_view bracketed) {
  const auto text = bracketed.substr(1, bracketed.size() - 2);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address_v6(std::string(text), error);
  if (error || text.find('%') != std::string_view::npos) {
    return refuse("has a host in brackets that is no IPv6 address");
  }
  return Address(address);
}

/// The address that the host spells; empty for a name; a refusal if it is neither.
Result<std::optional<Address>> read_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto address = read_ipv6(host);
    if (!address) return address.error();
    return std::optional(*address);
  }
  if (!is_ascii(host)) {
    const auto label = a_label_form(host);
    if (!label) return refuse("has a host that is neither ASCII nor valid UTF-8");
    const auto last = host.substr(host.rfind('.') + 1);
    if (!last.empty() &&
        last.find_first_not_of("0123456789") == std::string_view::npos) {  // IDNA would make no name of it
      return refuse("has a host outside of ASCII that ends as an address does: write an address in ASCII digits");
    }
    return refuse("has a host outside of ASCII: write it as '" + *label + "'");
  }
  if (host.find('%') != std::string_view::npos) return refuse("must not percent-encode its host");
  const auto loose = read_loose_ipv4(host);
  if (loose.address) return std::optional<Address>(*loose.address);
  const auto quoted = "'" + std::string(host) + "'";
  if (loose.looks_numeric) return refuse("has a host " + quoted + " that is neither a name nor an IPv4 address");
  if (!is_host_name(host)) return refuse("has a host " + quoted + " that is no host name");
  return std::optional<Address>();
}

std::optional<Refusal> refuse_host(std::string_view host, const std::optional<Address>& literal,
                                   const UrlPolicy& policy) {
  if (literal) {
    const auto reason = refuse_address(*literal, policy);
    return reason && !PROSPERO_FAULT(D6_addresses_are_not_checked_at_registration)
               ? std::optional(refuse("cannot be reached publicly: " + *reason))
               : std::nullopt;
  }
  if (is_localhost_name(host) && !policy.allow_local) {
    return refuse("cannot be reached publicly: '" + std::string(host) +
                  "' is this machine (D6); --allow-local allows it");
  }
  return std::nullopt;
}

std::string bracketed(const Address& address) {
  return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower_ascii);
  return out;
}

}  // namespace

bool is_localhost_name(std::string_view host) {
  const auto plain = PROSPERO_FAULT(D6_localhost_with_a_trailing_dot_is_accepted) ? lower(host) : plain_host(host);
  return plain == "localhost" || plain.ends_with(".localhost");
}

std::string plain_host(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return lower(host);
}

Result<WebhookUrl> WebhookUrl::parse(std::string_view text, const UrlPolicy& policy) {
  if (auto refusal = refuse_characters(text)) return *std::move(refusal);
  const auto parts = split_url(text);
  if (!parts) return refuse("is not of the form https://host[:port]/path");
  const auto scheme = lower(parts->scheme);
  if (auto refusal = refuse_parts(*parts, scheme, policy)) return *std::move(refusal);

  WebhookUrl url;
  url.https_ = scheme == "https";
  const auto port = read_port(parts->port, url.default_port());
  if (!port) return port.error();
  const auto literal = read_host(parts->host);
  if (!literal) return literal.error();
  if (auto refusal = refuse_host(parts->host, *literal, policy)) return *std::move(refusal);

  url.port_ = *port;
  url.literal_ = *literal;
  url.host_ = parts->host;
  url.text_ = text;
  url.target_ = parts->path.empty() ? "/" : std::string(parts->path);
  if (parts->query) url.target_ += "?" + std::string(*parts->query);
  url.normalized_ = scheme + "://" + (url.literal_ ? bracketed(*url.literal_) : lower(parts->host)) +
                    url.port_suffix() + normalize_target(*parts);
  if (PROSPERO_FAULT(G3_urls_are_compared_byte_for_byte)) url.normalized_ = text;
  return url;
}

std::string WebhookUrl::port_suffix() const {
  return port_ == default_port() ? "" : ":" + std::to_string(port_);
}

std::string WebhookUrl::authority() const {
  return host_ + port_suffix();
}

std::string WebhookUrl::redacted() const {
  return (https_ ? "https://" : "http://") + authority() + "/***";
}

}  // namespace mock::transport
