#include "grammar.hpp"

#include <string>

#include "hex.hpp"

namespace prospero::webhooks::detail {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The name that a member's raw text between the quotes stands for. What is not ASCII is none of the names looked for,
// so it becomes a single byte that stands in none of them.
std::string unescaped(std::string_view raw) {
  std::string name;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      name += raw[i];
    } else if (raw[++i] != 'u') {
      name += '\x7f';
    } else {
      const int high = hex_byte(raw.data() + i + 1);
      const int low = hex_byte(raw.data() + i + 3);
      name += high == 0 && low < 0x80 ? static_cast<char>(low) : '\x7f';
      i += 4;
    }
  }
  return name;
}

// Every member function but the constructor reads one construct from pos_ on and tells whether it was there; after the
// first that was not, fault_ is set and everything unwinds.
class Walker {
 public:
  Walker(std::string_view text, std::size_t depth_max) : text_(text), depth_max_(depth_max) {}

  Walk document() {
    space();
    places_.outermost = pos_;
    if (value()) {
      space();
      if (pos_ != text_.size()) fault_ = Fault{PayloadErrc::trailing_bytes, pos_};
    }
    return {fault_, places_};
  }

 private:
  bool value() {
    switch (peek()) {
      case '{':
        return container('}', &Walker::member);
      case '[':
        return container(']', &Walker::value);
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool container(char close, bool (Walker::*element)()) {
    if (depth_ == depth_max_) {
      fault_ = Fault{PayloadErrc::too_deep, pos_};
      return false;
    }
    ++depth_;
    ++pos_;
    space();
    if (!accept(close)) {
      do {
        space();
        if (!(this->*element)()) return false;
        space();
      } while (accept(','));
      if (!expect(close)) return false;
    }
    --depth_;
    return true;
  }

  bool member() {
    const std::size_t name_begin = pos_;
    if (!string()) return false;
    MemberPlace* const place = place_of(text_.substr(name_begin + 1, pos_ - name_begin - 2));
    space();
    if (!expect(':')) return false;
    space();
    const std::size_t value_begin = pos_;
    if (depth_ == 1) in_first_data_ = place == &places_.data && place->count == 0;
    if (!value()) return false;
    if (place) note(*place, name_begin, value_begin);
    return true;
  }

  MemberPlace* place_of(std::string_view raw_name) {
    if (depth_ > 2 || (depth_ == 2 && !in_first_data_)) return nullptr;
    const std::string name = unescaped(raw_name);
    if (depth_ == 2) return name == "id" ? &places_.id : nullptr;
    if (name == "event") return &places_.event;
    return name == "data" ? &places_.data : nullptr;
  }

  void note(MemberPlace& place, std::size_t name_begin, std::size_t value_begin) const {
    ++place.count;
    if (place.count == 1) {
      place.value_begin = value_begin;
      place.value_end = pos_;
    } else if (place.count == 2) {
      place.second_name = name_begin;
    }
  }

  bool string() {
    if (!expect('"')) return false;
    while (peek() != '"') {
      if (pos_ == text_.size() || static_cast<unsigned char>(peek()) < 0x20) return wrong_here();
      if (peek() == '\\') {
        if (!escape()) return false;
      } else {
        ++pos_;
      }
    }
    ++pos_;
    return true;
  }

  bool escape() {
    ++pos_;
    if (accept('u')) {
      for (int i = 0; i < 4; ++i, ++pos_) {
        if (hex_value(peek()) < 0) return wrong_here();
      }
      return true;
    }
    constexpr std::string_view short_escapes = "\"\\/bfnrt";
    if (short_escapes.find(peek()) == std::string_view::npos) return wrong_here();
    ++pos_;
    return true;
  }

  bool number() {
    accept('-');
    if (!accept('0') && !digits()) return false;
    if (accept('.') && !digits()) return false;
    if (accept('e') || accept('E')) {
      if (!accept('+')) accept('-');
      return digits();
    }
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return wrong_here();
    while (is_digit(peek())) ++pos_;
    return true;
  }

  bool literal(std::string_view word) {
    for (const char c : word) {
      if (!expect(c)) return false;
    }
    return true;
  }

  void space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++pos_;
  }

  // The next byte; NUL, which stands nowhere in JSON, at the end.
  char peek() const noexcept { return pos_ < text_.size() ? text_[pos_] : '\0'; }

  bool accept(char c) {
    if (peek() != c) return false;
    ++pos_;
    return true;
  }

  bool expect(char c) { return accept(c) || wrong_here(); }

  bool wrong_here() {
    fault_ = Fault{pos_ == text_.size() ? PayloadErrc::incomplete : PayloadErrc::syntax, pos_};
    return false;
  }

  std::string_view text_;
  std::size_t depth_max_;
  std::size_t pos_ = 0;
  std::size_t depth_ = 0;
  bool in_first_data_ = false;
  std::optional<Fault> fault_;
  Places places_;
};

}  // namespace

Walk walk(std::string_view text, std::size_t depth_max) {
  return Walker{text, depth_max}.document();
}

}  // namespace prospero::webhooks::detail
