#include "request_promises.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include "listener_reader.hpp"
#include "push_reader.hpp"

namespace fuzz {
namespace {

namespace pw = prospero::webhooks;
using pw::detail::Head;
using pw::detail::RequestReader;
using Step = RequestReader::Step;

constexpr std::size_t head_max = 512, body_max = 2'048;

/// What a connection makes of all its bytes.
struct Seen {
  std::vector<pw::Request> requests;
  std::string broken;
  int refused = 0;  ///< status; 0: none so far
};

void check(const Head& head, const pw::Request& request, Seen& seen) {
  if (request.body.size() > body_max) seen.broken = "a body is longer than allowed";
  if (head.content_length && *head.content_length != request.body.size())
    seen.broken = "a body is not as long as its Content-Length";
  pw::Arrival arrival;
  arrival.body = request.body;
  pw::describe(arrival, request.content_encoding, {});
  if (arrival.quarantine_reason.empty() != arrival.event.has_value())
    seen.broken = "a body has both a webhook event and a reason to be kept aside, or neither";
  if (arrival.entity_id && !arrival.event) seen.broken = "an entity without a webhook event";
}

/// Reads on until all of `buffer` is used up; false: the connection ends here.
bool take_requests(RequestReader& reader, std::string& buffer, Seen& seen) {
  for (;;) {
    switch (reader.feed(buffer)) {
      case Step::more:
        return true;
      case Step::head:
        if (reader.head().content_length.value_or(0) <= body_max) continue;
        seen.refused = 413;  // as Receiver::answer_to_head() does
        return false;
      case Step::refused:
        seen.refused = reader.refusal().status;
        return false;
      case Step::complete: {
        const Head head = reader.head();
        seen.requests.push_back(reader.request());
        check(head, seen.requests.back(), seen);
        reader = RequestReader{head_max, body_max};
        if (!head.keep_alive) return false;
        if (buffer.empty()) return true;
      }
    }
  }
}

Seen read_in_pieces(std::string_view bytes, std::size_t piece) {
  Seen seen;
  RequestReader reader{head_max, body_max};
  std::string buffer;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    buffer += bytes.substr(at, piece);
    if (!take_requests(reader, buffer, seen)) break;
  }
  return seen;
}

bool same(const pw::Request& a, const pw::Request& b) {
  return a.method == b.method && a.target == b.target && a.content_encoding == b.content_encoding && a.body == b.body;
}

bool speaks_of_chunks(std::string_view bytes) {
  constexpr std::string_view coding = "chunked";
  const auto same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::search(bytes.begin(), bytes.end(), coding.begin(), coding.end(), same_letter) != bytes.end();
}

}  // namespace

std::string broken_request_promise(std::string_view bytes) {
  if (bytes.empty()) return {};
  const std::size_t piece = static_cast<unsigned char>(bytes.front()) % 64 + 1;
  bytes.remove_prefix(1);
  const Seen whole = read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1));
  const Seen cut = read_in_pieces(bytes, piece);
  if (!whole.broken.empty()) return whole.broken;
  if (!cut.broken.empty()) return cut.broken;
  const auto both = std::min(whole.requests.size(), cut.requests.size());
  if (!std::equal(whole.requests.begin(), whole.requests.begin() + static_cast<std::ptrdiff_t>(both),
                  cut.requests.begin(), same))
    return "other requests when the bytes are cut into pieces of " + std::to_string(piece);
  // A chunk header that is longer than a head may be is refused while it is incomplete, so not where it came at once.
  if (cut.refused == 400 && speaks_of_chunks(bytes)) return {};
  if (whole.requests.size() != cut.requests.size())
    return "more or fewer requests when the bytes are cut into pieces of " + std::to_string(piece);
  if ((whole.refused == 0) != (cut.refused == 0))
    return "refused or not depends on how the bytes are cut, " + std::to_string(whole.refused) + " and " +
           std::to_string(cut.refused) + " in pieces of " + std::to_string(piece);
  return {};
}

}  // namespace fuzz
