#include "conformance/exchange_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/printable.hpp"
#include "transport/secret_path.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t body_bytes_shown = 160;
constexpr std::size_t head_bytes_shown = 400;

std::string shortened(std::string_view text, std::size_t limit) {
  return printable(text.substr(0, limit)) + (text.size() > limit ? "..." : "");
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
  const auto text = transport::without_secrets(received, url);
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
