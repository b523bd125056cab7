// Reads one HTTP response from the bytes of a connection, whatever their pieces. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mock::transport {

/// Interim responses (1xx but 101) are skipped (D3). What follows the response is ignored.
class ResponseReader {
 public:
  enum class State {
    reading,
    complete,
    not_http,      ///< problem() says why
    closed_early,  ///< the peer closed before the response was complete
  };
  static constexpr std::size_t head_bytes_max = 64 * 1024;
  static constexpr std::size_t opening_bytes_max = 1024;

  /// How the answer begins, for people. As it came, but of text and media type at most `opening_bytes_max` each.
  struct Opening {
    std::string status;      ///< "HTTP/1.1 404"; empty unless the final head was understood
    std::string text;        ///< the reason beside the status; without a status the first line of what came last
    std::string media_type;  ///< Content-Type of the head
  };

  /// Is given the body, without framing, piece by piece.
  using BodySink = std::function<void(std::string_view)>;

  /// Without a sink the body is thrown away.
  explicit ResponseReader(BodySink body = {});
  ~ResponseReader();

  State feed(std::string_view bytes);
  /// The peer closed: ends a close-delimited response, breaks any other.
  State feed_end();

  State state() const;
  std::optional<int> status() const;  ///< the final status, once its head was understood
  std::string location() const;       ///< where a redirect leads, if its head says so: printable ASCII, at most 300
  Opening opening() const;
  bool keeps_connection() const;       ///< complete, nothing after it, and the peer waits for the next request
  bool anything_received() const;      ///< at least one byte
  const std::string& problem() const;  ///< for not_http: one line, without any byte of the response

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::transport
