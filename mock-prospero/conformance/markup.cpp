#include "conformance/markup.hpp"

#include "conformance/printable.hpp"

namespace mock::conformance {

std::string markup(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += c;
        break;
      default:
        out += printable({&c, 1});
    }
  }
  return out;
}

}  // namespace mock::conformance
