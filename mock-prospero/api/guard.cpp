#include "api/guard.hpp"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace mock::api {
namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool is_all_addresses(std::string_view host) {
  return host == "0.0.0.0" || host == "::";
}

struct Authority {
  std::string host;
  std::uint16_t port = 80;
};

// `host`, `host:port`, `[ipv6]` or `[ipv6]:port`; the host in lower case, without brackets.
std::optional<Authority> read_authority(std::string_view text) {
  Authority result;
  const auto close = text.starts_with('[') ? text.find(']') : 0;
  if (close == std::string_view::npos) return std::nullopt;
  const auto colon = text.find(':', close);
  const auto end = colon == std::string_view::npos ? text.size() : colon;
  result.host = lower(close > 0 ? text.substr(1, close - 1) : text.substr(0, end));
  if (close > 0 && close + 1 != end) return std::nullopt;
  if (colon == std::string_view::npos) return result;
  const auto digits = text.substr(colon + 1);
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
  if (error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
  return result;
}

constexpr std::string_view bearer = "bearer ";
constexpr std::string_view http_scheme = "http://";

}  // namespace

bool is_loopback(std::string_view host) {
  const auto name = lower(host);
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  return name == "::1" || name == "localhost";
}

Guard::Digest Guard::digest(std::string_view text) {
  Digest result{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), result.data());
  return result;
}

Guard::Guard(GuardOptions options) : options_(std::move(options)), token_digest_(digest(options_.token)) {
  options_.host = lower(options_.host);
}

bool Guard::is_own(std::string_view text) const {
  const auto authority = read_authority(text);
  if (!authority || authority->port != options_.port) return false;
  const auto& host = authority->host;
  if (host == options_.host) return true;
  if (is_all_addresses(options_.host)) return is_address(host) || host == "localhost";
  return host == "localhost" && is_loopback(options_.host);
}

bool Guard::is_own_host(std::string_view text) const {
  if (is_own(text)) return true;
  const auto host = lower(text);
  return options_.public_url && (host == options_.public_url->authority || host == options_.public_url->full_authority);
}

void Guard::require_own(const Request& request) const {
  if (request.hosts.size() != 1 || !is_own_host(request.hosts.front())) {
    throw Error{403, "the Host field does not name this server: use the address that it printed at start"};
  }
  for (const auto& origin : request.origins) {
    const auto text = lower(origin);
    if (options_.public_url && text == options_.public_url->origin) continue;
    if (!text.starts_with(http_scheme) || !is_own(std::string_view{text}.substr(http_scheme.size()))) {
      throw Error{403, "pages of another origin may not call this server"};
    }
  }
}

void Guard::require_token(const Request& request) const {
  if (options_.token.empty()) return;
  const auto& given = request.authorization;
  const bool has_scheme = lower(std::string_view{given}.substr(0, bearer.size())) == bearer;
  const auto given_digest = digest(has_scheme ? std::string_view{given}.substr(bearer.size()) : std::string_view{});
  if (CRYPTO_memcmp(given_digest.data(), token_digest_.data(), token_digest_.size()) != 0) {
    throw Error{401, "this server wants its token: Authorization: Bearer TOKEN"};
  }
}

std::string Guard::own_path(const std::string& path) const {
  const auto prefix = options_.public_url ? std::string_view{options_.public_url->prefix} : std::string_view{};
  const bool under_prefix = path.starts_with(prefix) && path.substr(prefix.size()).starts_with('/');
  return under_prefix ? path.substr(prefix.size()) : path;
}

std::optional<std::string> Guard::redirection(const std::string& path) const {
  if (!options_.public_url || path.empty() || path != options_.public_url->prefix) return std::nullopt;
  return path + '/';
}

}  // namespace mock::api
