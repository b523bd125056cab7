#include "transport/secret_path.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace mock::transport {
namespace {

constexpr std::size_t telling_bytes = 6;  // what is shorter is no secret, and would be found in ordinary words
constexpr std::size_t escape_bytes = 3;

/// A text in lower case without percent-encoding, to compare.
struct Plain {
  std::string bytes;
  std::vector<std::size_t> begins;  ///< where in the text each byte begins, and the end of the text
};

void decode_last(Plain& plain) {
  auto& [bytes, begins] = plain;
  unsigned char value = 0;
  while (bytes.size() >= escape_bytes && bytes[bytes.size() - escape_bytes] == '%') {
    const auto* digits = bytes.data() + bytes.size() - 2;
    if (std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) return;
    bytes.resize(bytes.size() - 2);
    begins.resize(begins.size() - 2);
    bytes.back() = static_cast<char>(std::tolower(value));
  }
}

// Byte by byte, so that what is encoded twice (%2541) is decoded twice: each byte goes in as if it had been written
// plainly.
Plain plain_of(std::string_view text) {
  Plain plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain.bytes += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    plain.begins.push_back(i);
    decode_last(plain);
  }
  plain.begins.push_back(text.size());
  return plain;
}

std::vector<std::string> secrets_of(std::string_view url) {
  const auto authority = url.find("://");
  const auto begin = authority == std::string_view::npos ? authority : url.find('/', authority + 3);
  if (begin == std::string_view::npos) return {};
  const auto target = url.substr(begin);
  std::vector<std::string> secrets{plain_of(target).bytes, plain_of(target.substr(0, target.find('?'))).bytes};
  constexpr std::string_view ends = "/?&=";
  for (std::size_t at = 0; at < target.size();) {
    const auto end = std::min(target.find_first_of(ends, at), target.size());
    secrets.push_back(plain_of(target.substr(at, end - at)).bytes);
    at = end + 1;
  }
  std::erase_if(secrets, [](const std::string& one) { return one.size() < telling_bytes; });
  return secrets;
}

/// Which bytes of a text belong to a secret.
using Hidden = std::vector<bool>;

void hide(Hidden& hidden, std::size_t from, std::size_t to) {
  std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(from), hidden.begin() + static_cast<std::ptrdiff_t>(to), true);
}

void hide_whole(Hidden& hidden, std::string_view text, std::string_view secret) {
  for (auto at = text.find(secret); at != std::string_view::npos; at = text.find(secret, at + secret.size())) {
    hide(hidden, at, at + secret.size());
  }
}

/// `text` ends where it was cut; a percent-encoded byte that was cut too stands after it.
void hide_beginning(Hidden& hidden, std::string_view text, std::string_view secret) {
  for (auto size = std::min(text.size(), secret.size()); size >= telling_bytes; --size) {
    if (text.ends_with(secret.substr(0, size))) return hide(hidden, text.size() - size, hidden.size());
  }
}

Hidden hidden_in(std::string_view text, std::string_view url) {
  Hidden hidden(text.size());
  const auto escape = text.find('%', text.size() - std::min(text.size(), escape_bytes - 1));
  for (const auto& secret : secrets_of(url)) {
    hide_whole(hidden, text, secret);
    hide_beginning(hidden, text, secret);
    hide_beginning(hidden, text.substr(0, escape), secret);
  }
  return hidden;
}

}  // namespace

std::string without_secrets(std::string_view text, std::string_view url) {
  const auto plain = plain_of(text);
  const auto hidden = hidden_in(plain.bytes, url);
  std::string out;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (!hidden[i]) out += text.substr(plain.begins[i], plain.begins[i + 1] - plain.begins[i]);
    if (hidden[i] && (i == 0 || !hidden[i - 1])) out += "***";
  }
  return out;
}

}  // namespace mock::transport
