// The grammar of RFC 8259, on text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mock::world {

/// Checks one JSON text and copies it without the blanks between tokens. One use. Throws MalformedJson.
class JsonScanner {
 public:
  JsonScanner(std::string_view text, std::size_t depth_max) : text_(text), depth_max_(depth_max) {}
  std::string run();

 private:
  void value(std::size_t depth);
  void object(std::size_t depth);
  void array(std::size_t depth);
  void string();
  void escape();
  void character();
  void number();
  void digits();
  void word(std::string_view expected);

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take_if(char c);
  void take(char c, const char* otherwise);
  void copy(std::size_t count);
  void skip_blanks();
  void require_depth(std::size_t depth) const;
  [[noreturn]] void fail(const char* why) const;

  std::string_view text_;
  std::size_t depth_max_;
  std::size_t at_ = 0;
  std::string out_;
};

/// Where a value that starts at `from` ends, in text that a scanner returned.
std::size_t end_of_value(std::string_view text, std::size_t from);

}  // namespace mock::world
