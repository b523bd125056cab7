// A client of GET /v1/stream that reads as much as it is told to.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

namespace api_test {

class StreamReader {
 public:
  explicit StreamReader(std::uint16_t port, const std::string& last_event_id = {});

  /// Reads until what was seen so far holds `text`, and gives all of it, HTTP head and chunk sizes included. Throws
  /// std::runtime_error when the stream ends before.
  const std::string& until(const std::string& text);
  void until_closed();  ///< reads to the end of the stream
  const std::string& seen() const noexcept { return seen_; }

 private:
  bool read();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string seen_;
};

}  // namespace api_test
