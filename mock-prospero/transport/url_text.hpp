// The text of a URL taken apart and normalized by RFC 3986. Pure functions. (Boost.URL 1.81 ends the host of
// "https://8.8.8.8.evil.example/" after the fourth number, wraps port 99999 and decodes "%2F" in paths, so it is not
// used to judge an URL.)
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mock::transport {

/// Views into the text of a URL with an authority; each part as written.
struct UrlParts {
  std::string_view scheme;
  std::optional<std::string_view> user_info;
  std::string_view host;  ///< with the brackets of an IPv6 literal
  std::string_view port;  ///< empty if there is none
  std::string_view path;  ///< empty or starting with "/"
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

/// Splits `scheme://[user@]host[:port][/path][?query][#fragment]`; empty if it is not of that form. Characters are not
/// judged.
std::optional<UrlParts> split_url(std::string_view text);

/// True if every character may stand in a path or query and every "%" begins an escape.
bool is_path_or_query(std::string_view text);

/// Path and query with dot segments removed, "/" for an empty path, escapes of unreserved characters decoded and the
/// other ones in upper case (RFC 3986, 6.2.2).
std::string normalize_target(const UrlParts& parts);

char lower_ascii(char c);

}  // namespace mock::transport
