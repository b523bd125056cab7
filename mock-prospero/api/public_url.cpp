#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "api/guard.hpp"

namespace mock::api {
namespace {

// The schemes, each with what ends the authority of a URL that names its default port.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> schemes{
    {{"https://", ":443"}, {"http://", ":80"}}};

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument{"--public-url: " + why + "; give a URL such as https://mock.example/prospero"};
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

bool is_plain(char c) {
  return c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '@' && c != '\\' && c != '%';
}

}  // namespace

PublicUrl PublicUrl::parse(std::string_view text) {
  const auto scheme = std::find_if(schemes.begin(), schemes.end(), [&](const auto& one) {
    return lower(text.substr(0, one.first.size())) == one.first;
  });
  if (scheme == schemes.end()) refuse("it must start with https:// or http://");
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    refuse("spaces, user info, a query, a fragment and percent-encoding have no place in it");
  }
  const auto rest = text.substr(scheme->first.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  PublicUrl url;
  url.authority = lower(rest.substr(0, slash));
  if (url.authority.ends_with(scheme->second)) url.authority.resize(url.authority.size() - scheme->second.size());
  if (url.authority.empty() || url.authority.front() == ':') refuse("the host is missing");
  const auto host_end = url.authority.starts_with('[') ? url.authority.find(']') : 0;
  const bool has_port = url.authority.find(':', std::min(host_end, url.authority.size())) != std::string::npos;
  url.full_authority = url.authority + (has_port ? "" : std::string{scheme->second});
  url.origin = std::string{scheme->first} + url.authority;
  url.prefix = rest.substr(slash);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  return url;
}

}  // namespace mock::api
