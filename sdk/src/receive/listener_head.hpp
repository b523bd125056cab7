// Shapes of a request head that two HTTP parsers could read differently (request smuggling). Beast 1.81 lets some of
// them through, so they are refused before it sees the head. Pure functions over bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace prospero::webhooks::detail {

/// Where the head that `bytes` starts with ends.
struct HeadEnd {
  enum class State { incomplete, complete, malformed };
  State state = State::incomplete;
  std::size_t size = 0;  ///< complete: bytes of the head with its empty line; incomplete: where to go on searching
};

/// Searches from `from` (0, or the size of an earlier incomplete result over the same, now longer bytes). A line feed
/// without its carriage return, NUL and other control bytes are malformed at once: no more bytes are waited for.
HeadEnd find_head_end(std::string_view bytes, std::size_t from);

/// Why a head is refused: the status, and the reason in a few words for the peer.
struct HeadFault {
  int status;
  std::string_view why;
};

/// What is wrong with a complete head; nothing when Beast may parse it. Status 400: folded lines, a field name that is
/// no token, Content-Length twice or not of digits only, Content-Length with Transfer-Encoding, Transfer-Encoding in
/// HTTP/1.0 or not ending in its only `chunked`, a POST in HTTP/1.0 without Content-Length (RFC 1945, 7.2.2: its body
/// has no end), not exactly one Host. Status 501: a transfer coding before `chunked` (RFC 9112, 6.1).
std::optional<HeadFault> fault_in_head(std::string_view head);

}  // namespace prospero::webhooks::detail
