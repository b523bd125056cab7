// A push in a form that the ordinary transport never uses: in pieces, cut off, chunked, over one connection, over one
// version of TLS, or not a push at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/ports.hpp"

namespace mock::conformance {

enum class Framing : std::uint8_t { counted, chunked, none };
enum class Where : std::uint8_t {
  hook,        ///< the URL under test
  other_path,  ///< beside it, at a path that nobody can know
};

/// One request on a connection.
struct WireRequest {
  std::string method = "POST";
  Where where = Where::hook;
  std::vector<std::string> headers{};  ///< whole lines without line end, after Host; see ordinary_headers()
  std::string host_name = "Host";      ///< spelling of the field's name
  std::string body{};
  Framing framing = Framing::counted;
  std::size_t piece_bytes = 0;                        ///< of the body, sent at once; 0: all of it
  delivery::Duration piece_pause{};                   ///< between two pieces
  std::optional<std::size_t> cut_head{}, cut_body{};  ///< the connection is closed after so many bytes of it
  bool leave_before_answer = false;                   ///< closed after the last byte, without reading the answer
  bool name_in_capitals = false;                      ///< the first on its connection: how TLS spells the host (SNI)
};

/// `User-Agent` and `Content-Type` as the ordinary transport sends them (D2).
std::vector<std::string> ordinary_headers();

enum class TlsVersion : std::uint8_t { any, v1_0, v1_1, v1_2, v1_3 };

/// What a connection showed.
struct WireSession {
  /// One for each request; those after a failed one are missing. `interrupted` where the request was cut off on
  /// purpose. `received` has at most 64 KiB.
  std::vector<delivery::AttemptResult> answers;
  bool resumed = false;  ///< TLS: the session of an earlier connection was taken up again
  std::optional<std::int64_t> certificate_days_left;
};

/// Connections that were opened and say nothing, or not all; closed with this object.
class HeldConnections {
 public:
  virtual ~HeldConnections() = default;
  /// Sends one more byte of a request's body on each that announced one.
  virtual void trickle() = 0;
  /// How many could be opened.
  virtual std::size_t count() const = 0;
};

/// Blocking, for one thread. Each request has 5 s from its start to the last byte of its answer (D4), the first one
/// from before the connection. Tests script one.
class Wire {
 public:
  virtual ~Wire() = default;
  /// The requests one after the other on one connection, each after the answer of the one before. With `resume` the
  /// first one goes over a connection of its own, whose TLS session is then offered again for the others.
  virtual WireSession exchange(const std::vector<WireRequest>& requests, TlsVersion version = TlsVersion::any,
                               bool resume = false) = 0;
  /// Opens `count` connections; `speaking`: over each the head of a push and the first byte of its body are sent.
  virtual std::unique_ptr<HeldConnections> hold(std::size_t count, bool speaking) = 0;
};

}  // namespace mock::conformance
