#include "start_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "admin_routes.hpp"

namespace consumer {
namespace {

constexpr std::size_t secret_chars_least = 16;

void add_http(const Config& config, std::vector<std::string>& lines) {
  lines.push_back("--http: Prospero pushes to https only, so a proxy that speaks TLS has to stand before this port");
  const std::string& address = config.listen.address;
  if (config.listen.is_loopback()) return;
  lines.push_back(fmt::format("--http on {}: whoever is between the proxy and here can read the secret path", address));
  if (config.trusted_proxies.empty())
    lines.push_back(fmt::format("--http on {}: anyone may connect; name the proxy with --trust-proxy", address));
}

// What follows the last `/` is taken for the secret.
void add_weak_paths(const Config& config, std::vector<std::string>& lines) {
  for (std::size_t n = 0; n < config.hooks.size(); ++n) {
    const std::string& path = config.hooks[n].path;
    if (path.size() - path.rfind('/') - 1 >= secret_chars_least) continue;
    lines.push_back(fmt::format(
        "path {} ends in fewer than {} characters and may be guessed: pushes carry no signature, so whoever "
        "knows the path can push; make one with openssl rand -hex 16",
        n + 1, secret_chars_least));
  }
}

void add_unnamed_paths(const Config& config, std::vector<std::string>& lines) {
  const auto unnamed =
      std::count_if(config.hooks.begin(), config.hooks.end(), [](const auto& hook) { return hook.label.empty(); });
  if (unnamed < 2) return;
  lines.push_back(fmt::format(
      "{} paths have no label and count as one webhook: that one of them is silent or was disabled is not noticed "
      "while another gets pushes; give each webhook a label (LABEL=/PATH)",
      unnamed));
}

bool leaves_machine_unencrypted(std::string_view url) {
  constexpr std::string_view http = "http://";
  if (!url.starts_with(http)) return false;
  url.remove_prefix(http.size());
  return !is_this_machine(std::string(url.substr(0, url.find('/'))));
}

}  // namespace

std::vector<std::string> start_warnings(const Config& config) {
  std::vector<std::string> lines;
  if (config.plain_http) add_http(config, lines);
  add_weak_paths(config, lines);
  add_unnamed_paths(config, lines);
  if (!config.api_token.empty() && leaves_machine_unencrypted(config.api_url))
    lines.push_back("--api http://...: the token of --api-token-file goes over the network unencrypted; use https://");
  return lines;
}

}  // namespace consumer
