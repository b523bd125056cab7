#include "transport/answer_line.hpp"

#include "transport/secret_path.hpp"

namespace mock::transport {
namespace {

std::string shown(char byte) {
  if (byte >= ' ' && byte < 0x7f) return {byte};
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'\\', 'x', digits[value / 16U], digits[value % 16U]};
}

}  // namespace

// What is secret goes first: a cut through it would show its beginning.
std::string answer_line(std::string_view opening, std::string_view url) {
  constexpr std::size_t bytes_max = 160;
  constexpr std::string_view cut = "...";
  std::string line;
  for (const char byte : without_secrets(std::string(opening), url)) {
    if (line.size() >= bytes_max) return line.append(cut);
    line += shown(byte);
  }
  return line;
}

}  // namespace mock::transport
