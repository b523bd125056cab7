#include "listener_head.hpp"

#include <algorithm>

namespace prospero::webhooks::detail {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_token(std::string_view name) {
  constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || symbols.find(c) != std::string_view::npos;
  });
}

/// Control bytes that may stand nowhere in a head. CR and LF are judged as a pair.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\r' && c != '\n') || byte == 0x7f;
}

/// What the fields say about the length of the message, gathered line by line.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  bool length_is_number = true;
  bool encoded = false;
  int codings = 0;
  int chunked = 0;
  bool chunked_last = false;

  void take(std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "host")) {
      ++hosts;
    } else if (equal_ignoring_case(name, "content-length")) {
      ++lengths;
      length_is_number = length_is_number && !value.empty() && std::all_of(value.begin(), value.end(), is_digit);
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      encoded = true;
      take_codings(value);
    }
  }

  void take_codings(std::string_view list) {
    for (;;) {
      const auto comma = list.find(',');
      chunked_last = equal_ignoring_case(trimmed(list.substr(0, comma)), "chunked");
      chunked += chunked_last ? 1 : 0;
      ++codings;
      if (comma == std::string_view::npos) return;
      list.remove_prefix(comma + 1);
    }
  }

  std::optional<HeadFault> fault(bool http_1_0, bool is_post) const {
    if (lengths > 1) return HeadFault{400, "more than one Content-Length"};
    if (!length_is_number) return HeadFault{400, "Content-Length is not a number"};
    if (encoded && lengths > 0) return HeadFault{400, "both Content-Length and Transfer-Encoding"};
    if (encoded && http_1_0) return HeadFault{400, "Transfer-Encoding in HTTP/1.0"};
    if (is_post && http_1_0 && lengths == 0) return HeadFault{400, "no Content-Length in HTTP/1.0"};
    if (encoded && !(chunked_last && chunked == 1))
      return HeadFault{400, "Transfer-Encoding does not end in its only chunked"};
    if (codings > chunked) return HeadFault{501, "no transfer coding but chunked is understood"};
    if (hosts > 1) return HeadFault{400, "more than one Host"};
    if (hosts == 0 && !http_1_0) return HeadFault{400, "no Host"};
    return std::nullopt;
  }
};

}  // namespace

HeadEnd find_head_end(std::string_view bytes, std::size_t from) {
  for (std::size_t i = from; i < bytes.size(); ++i) {
    if (is_forbidden(bytes[i])) return {HeadEnd::State::malformed, 0};
    if (bytes[i] == '\r' && i + 1 == bytes.size()) return {HeadEnd::State::incomplete, i};
    if (bytes[i] == '\r' && bytes[i + 1] != '\n') return {HeadEnd::State::malformed, 0};
    if (bytes[i] != '\n') continue;
    if (i == 0 || bytes[i - 1] != '\r') return {HeadEnd::State::malformed, 0};
    if (i >= 3 && bytes[i - 2] == '\n') return {HeadEnd::State::complete, i + 1};
  }
  return {HeadEnd::State::incomplete, bytes.size()};
}

std::optional<HeadFault> fault_in_head(std::string_view head) {
  constexpr std::string_view line_end = "\r\n";
  auto end = head.find(line_end);
  const bool http_1_0 = head.substr(0, end).ends_with(" HTTP/1.0"), is_post = head.starts_with("POST ");
  Framing framing;
  for (head.remove_prefix(end + 2); !head.starts_with(line_end); head.remove_prefix(end + 2)) {
    end = head.find(line_end);
    const auto line = head.substr(0, end);
    if (line.front() == ' ' || line.front() == '\t') return HeadFault{400, "folded header line"};
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return HeadFault{400, "malformed header field"};
    framing.take(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  return framing.fault(http_1_0, is_post);
}

}  // namespace prospero::webhooks::detail
