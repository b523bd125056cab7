#include "conformance/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mock::conformance {

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out;
}

std::string without_secret(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) {
    return "***";
  }
  const auto authority_at = scheme_end + 3;
  const auto authority_end = std::min(url.find_first_of("/?#\\", authority_at), url.size());
  auto authority = url.substr(authority_at, authority_end - authority_at);
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0: there is no user information
  return fmt::format("{}://{}/***", printable(url.substr(0, scheme_end)), printable(authority));
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

}  // namespace mock::conformance
