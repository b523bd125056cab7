#include "stream_reader.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

namespace api_test {

namespace asio = boost::asio;

StreamReader::StreamReader(std::uint16_t port, const std::string& last_event_id) {
  socket_.connect({asio::ip::address_v4::loopback(), port});
  auto head = "GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
  if (!last_event_id.empty()) head += "Last-Event-ID: " + last_event_id + "\r\n";
  asio::write(socket_, asio::buffer(head + "\r\n"));
}

bool StreamReader::read() {
  std::array<char, 4096> piece{};
  boost::system::error_code error;
  const auto size = socket_.read_some(asio::buffer(piece), error);
  seen_.append(piece.data(), size);
  return !error;
}

const std::string& StreamReader::until(const std::string& text) {
  while (seen_.find(text) == std::string::npos) {
    if (!read()) throw std::runtime_error("the stream ended before '" + text + "': " + seen_);
  }
  return seen_;
}

void StreamReader::until_closed() {
  while (read()) {
  }
}

}  // namespace api_test
