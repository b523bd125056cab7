#include "response_promises.hpp"

#include <algorithm>
#include <cstddef>

#include "transport/response_reader.hpp"

namespace fuzz {
namespace {

using mock::transport::ResponseReader;
using State = ResponseReader::State;

/// What a sender makes of an answer.
struct Seen {
  State state{};
  int status = 0;  ///< 0: none
  std::string location;
  std::string body;
  std::string broken;
};

void check(const ResponseReader& reader, Seen& seen) {
  if ((seen.state == State::not_http) == reader.problem().empty()) seen.broken = "no HTTP, and not told why";
  if (seen.state == State::complete && (seen.status < 100 || seen.status > 999))
    seen.broken = "a complete answer with status " + std::to_string(seen.status);
  if (seen.status / 100 == 1 && seen.status != 101) seen.broken = "an interim status is taken as the final one";
  if (seen.status / 100 != 3 && !seen.location.empty()) seen.broken = "a location without a redirect";
}

Seen read_in_pieces(std::string_view bytes, std::size_t piece, bool then_end) {
  Seen seen;
  ResponseReader reader([&](std::string_view part) { seen.body += part; });
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(bytes.substr(at, piece));
  if (then_end) reader.feed_end();
  seen.state = reader.state();
  seen.status = reader.status().value_or(0);
  seen.location = reader.location();
  check(reader, seen);
  return seen;
}

/// Neither is complete, and a line that is no header is told at once only when it came with the first bytes.
bool told_earlier(const Seen& whole, const Seen& cut) {
  return whole.state == State::not_http && cut.state != State::complete;
}

std::string difference(const Seen& whole, const Seen& cut) {
  if (told_earlier(whole, cut)) return {};
  if (whole.state != cut.state) return "another end";
  if (whole.status != cut.status) return "another status";
  if (whole.location != cut.location) return "another location";
  if (whole.body != cut.body) return "another body";
  return {};
}

}  // namespace

std::string broken_response_promise(std::string_view bytes) {
  if (bytes.empty()) return {};
  const std::size_t piece = static_cast<unsigned char>(bytes.front()) % 64 + 1;
  bytes.remove_prefix(1);
  for (const bool then_end : {false, true}) {
    const Seen whole = read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1), then_end);
    const Seen cut = read_in_pieces(bytes, piece, then_end);
    if (!whole.broken.empty()) return whole.broken;
    if (!cut.broken.empty()) return cut.broken;
    if (const auto other = difference(whole, cut); !other.empty())
      return other + " when the bytes are cut into pieces of " + std::to_string(piece);
  }
  return {};
}

}  // namespace fuzz
