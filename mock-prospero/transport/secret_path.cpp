#include "transport/secret_path.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace mock::transport {
namespace {

constexpr std::size_t telling_part_bytes = 6;  // a part of a path that is shorter is no secret

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool escaped =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3;
    out += escaped ? static_cast<char>(value) : text[i];
    i += escaped ? 2 : 0;
  }
  return out;
}

// The whole path first, so that it is replaced as one.
std::vector<std::string> secrets_of(std::string_view url) {
  const auto authority = url.find("://");
  const auto begin = authority == std::string_view::npos ? authority : url.find('/', authority + 3);
  if (begin == std::string_view::npos) return {};
  const auto target = url.substr(begin);
  std::vector<std::string> secrets{std::string(target), std::string(target.substr(0, target.find('?')))};
  std::erase_if(secrets, [](const std::string& whole) { return whole.size() < 2; });
  constexpr std::string_view ends = "/?&=";
  for (std::size_t at = 0; at < target.size();) {
    const auto end = std::min(target.find_first_of(ends, at), target.size());
    const auto part = target.substr(at, end - at);
    if (part.size() >= telling_part_bytes) secrets.emplace_back(part);
    at = end + 1;
  }
  const auto as_written = secrets;
  for (const auto& secret : as_written) secrets.push_back(percent_decoded(secret));
  return secrets;
}

}  // namespace

std::string without_secrets(std::string text, std::string_view url) {
  for (const auto& secret : secrets_of(url)) {
    const auto wanted = lower(secret);
    for (auto at = lower(text).find(wanted); at != std::string::npos; at = lower(text).find(wanted, at + 3)) {
      text.replace(at, wanted.size(), "***");
    }
  }
  return text;
}

}  // namespace mock::transport
