#include "conformance/exchange_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "conformance/printable.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t body_bytes_shown = 160;
constexpr std::size_t head_bytes_shown = 400;
constexpr std::size_t telling_part_bytes = 6;  // a part of a path that is shorter is no secret

std::string shortened(std::string_view text, std::size_t limit) {
  return printable(text.substr(0, limit)) + (text.size() > limit ? "..." : "");
}

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

std::string without_secrets(std::string text, std::string_view url) {
  for (const auto& secret : secrets_of(url)) {
    const auto wanted = lower(secret);
    for (auto at = lower(text).find(wanted); at != std::string::npos; at = lower(text).find(wanted, at + 3)) {
      text.replace(at, wanted.size(), "***");
    }
  }
  return text;
}

std::string head_text(std::string_view head) {
  std::string out;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    out += (out.empty() ? "" : " | ") + std::string(head.substr(0, end));
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return shortened(out, head_bytes_shown);
}

}  // namespace

std::string request_text(std::string_view how, std::string_view body, bool with_body) {
  const auto shown = with_body ? " " + shortened(body, body_bytes_shown) : std::string();
  return fmt::format("{}, {} bytes{}", how, body.size(), shown);
}

std::string how_text(const WireRequest& request) {
  auto out = request.method;
  if (request.where == Where::other_path) out += " to another path";
  if (request.framing == Framing::chunked) out += ", chunked";
  if (request.cut_head || request.cut_body) out += ", cut off";
  if (request.headers == ordinary_headers()) return out + ", application/json";
  for (const auto& line : request.headers) out += ", " + printable(line);
  return out;
}

std::string answer_text(std::string_view received, std::string_view url, bool with_body) {
  if (received.empty()) return {};
  const auto text = without_secrets(std::string(received), url);
  const auto end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/") || end == std::string::npos) {
    return with_body ? shortened(text, body_bytes_shown) : fmt::format("{} bytes", text.size());
  }
  const auto head = head_text(std::string_view(text).substr(0, end));
  const auto body = std::string_view(text).substr(end + 4);
  if (body.empty()) return head;
  return with_body ? fmt::format("{} | {}", head, shortened(body, body_bytes_shown))
                   : fmt::format("{} | and a body", head);
}

}  // namespace mock::conformance
