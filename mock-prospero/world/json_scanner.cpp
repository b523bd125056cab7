#include "world/json_scanner.hpp"

#include <array>

#include "world/spelled_json.hpp"

namespace mock::world {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The lengths, and the range of the second byte, of RFC 3629: no over-long form, no surrogate, nothing beyond U+10FFFF.
struct Utf8Form {
  unsigned char first_least, first_most;
  std::size_t length;
  unsigned char second_least, second_most;
};
constexpr std::array<Utf8Form, 9> utf8_forms{{{0x00, 0x7f, 1, 0, 0},
                                              {0xc2, 0xdf, 2, 0x80, 0xbf},
                                              {0xe0, 0xe0, 3, 0xa0, 0xbf},
                                              {0xe1, 0xec, 3, 0x80, 0xbf},
                                              {0xed, 0xed, 3, 0x80, 0x9f},
                                              {0xee, 0xef, 3, 0x80, 0xbf},
                                              {0xf0, 0xf0, 4, 0x90, 0xbf},
                                              {0xf1, 0xf3, 4, 0x80, 0xbf},
                                              {0xf4, 0xf4, 4, 0x80, 0x8f}}};

/// Bytes of the character at the front, 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (const auto& form : utf8_forms) {
    if (byte(0) < form.first_least || byte(0) > form.first_most) continue;
    if (text.size() < form.length) return 0;
    if (form.length > 1 && (byte(1) < form.second_least || byte(1) > form.second_most)) return 0;
    for (std::size_t at = 2; at < form.length; ++at) {
      if (byte(at) < 0x80 || byte(at) > 0xbf) return 0;
    }
    return form.length;
  }
  return 0;
}

std::size_t end_of_string(std::string_view text, std::size_t from) {
  auto at = from + 1;
  while (text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

std::string JsonScanner::run() {
  skip_blanks();
  value(0);
  skip_blanks();
  if (!at_end()) fail("something follows the value");
  return std::move(out_);
}

void JsonScanner::value(std::size_t depth) {
  switch (peek()) {
    case '{':
      return object(depth + 1);
    case '[':
      return array(depth + 1);
    case '"':
      return string();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
  }
}

void JsonScanner::object(std::size_t depth) {
  require_depth(depth);
  copy(1);
  skip_blanks();
  if (take_if('}')) return;
  do {
    skip_blanks();
    if (peek() != '"') fail("a member must begin with its name in quotes");
    string();
    skip_blanks();
    take(':', "a colon must follow the name of a member");
    skip_blanks();
    value(depth);
    skip_blanks();
  } while (take_if(','));
  take('}', "an object does not end");
}

void JsonScanner::array(std::size_t depth) {
  require_depth(depth);
  copy(1);
  skip_blanks();
  if (take_if(']')) return;
  do {
    skip_blanks();
    value(depth);
    skip_blanks();
  } while (take_if(','));
  take(']', "an array does not end");
}

void JsonScanner::string() {
  copy(1);
  while (!take_if('"')) {
    if (at_end()) fail("a string does not end");
    if (peek() == '\\') {
      escape();
    } else {
      character();
    }
  }
}

void JsonScanner::escape() {
  copy(1);
  constexpr std::string_view simple = "\"\\/bfnrt";
  if (!at_end() && simple.find(peek()) != std::string_view::npos) return copy(1);
  if (peek() != 'u') fail("an escape that JSON does not have");
  copy(1);
  for (int i = 0; i < 4; ++i) {
    if (!is_hex(peek())) fail("four hex digits must follow \\u");
    copy(1);
  }
}

void JsonScanner::character() {
  if (static_cast<unsigned char>(peek()) < 0x20) fail("a control character inside a string");
  const auto length = utf8_length(text_.substr(at_));
  if (length == 0) fail("a byte that is not UTF-8");
  copy(length);
}

void JsonScanner::number() {
  take_if('-');
  if (!is_digit(peek())) fail("a value is missing here");
  if (!take_if('0')) digits();
  if (take_if('.')) digits();
  if (take_if('e') || take_if('E')) {
    if (!take_if('-')) take_if('+');
    digits();
  }
}

void JsonScanner::digits() {
  if (!is_digit(peek())) fail("a digit is missing here");
  while (is_digit(peek())) copy(1);
}

void JsonScanner::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) fail("a word that JSON does not have");
  copy(expected.size());
}

bool JsonScanner::take_if(char c) {
  if (at_end() || text_[at_] != c) return false;
  copy(1);
  return true;
}

void JsonScanner::take(char c, const char* otherwise) {
  if (!take_if(c)) fail(otherwise);
}

void JsonScanner::copy(std::size_t count) {
  out_.append(text_.substr(at_, count));
  at_ += count;
}

void JsonScanner::skip_blanks() {
  while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
}

void JsonScanner::require_depth(std::size_t depth) const {
  if (depth > depth_max_) fail("too many arrays and objects in one another");
}

void JsonScanner::fail(const char* why) const {
  throw MalformedJson{std::string{why} + " (byte " + std::to_string(at_) + ')'};
}

std::size_t end_of_value(std::string_view text, std::size_t from) {
  std::size_t depth = 0;
  for (auto at = from; at < text.size();) {
    const char c = text[at];
    if (depth == 0 && (c == ',' || c == ':' || c == '}' || c == ']')) return at;
    at = c == '"' ? end_of_string(text, at) : at + 1;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 0 && (c == '"' || c == '}' || c == ']')) return at;
  }
  return text.size();
}

}  // namespace mock::world
