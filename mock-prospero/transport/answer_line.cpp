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

// The shortened line has room for the dots too, and ends with a whole \xNN.
std::string shortened(std::string_view text) {
  constexpr std::size_t bytes_max = 160;
  constexpr std::string_view cut = "...";
  std::string line;
  std::size_t beside_the_cut = 0;
  for (const char byte : text) {
    const auto next = shown(byte);
    if (line.size() + next.size() > bytes_max) return line.substr(0, beside_the_cut).append(cut);
    line += next;
    if (line.size() + cut.size() <= bytes_max) beside_the_cut = line.size();
  }
  return line;
}

}  // namespace

// Only in what the consumer wrote: a path may spell like our own words. And before the line is shortened, so that the
// whole of it is compared.
std::string answer_line(const ResponseReader::Opening& opening, std::string_view url) {
  auto line = opening.status;
  if (!opening.text.empty()) line += (line.empty() ? "" : " ") + without_secrets(opening.text, url);
  if (!opening.media_type.empty()) line += "; Content-Type: " + without_secrets(opening.media_type, url);
  return shortened(line);
}

}  // namespace mock::transport
