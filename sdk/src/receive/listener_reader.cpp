#include "listener_reader.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <cctype>
#include <limits>

#include "listener_head.hpp"
#include "received_body.hpp"

namespace prospero::webhooks::detail {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Parser = http::request_parser<ReceivedBody>;

std::string text(beast::string_view view) {
  return {view.data(), view.size()};
}

/// All values of a field that may be repeated, as one list.
std::string joined_values(const http::fields& fields, http::field name) {
  std::string all;
  const auto range = fields.equal_range(name);
  for (auto field = range.first; field != range.second; ++field)
    all += (all.empty() ? "" : ", ") + text(field->value());
  return all;
}

/// "https://host/path" -> "/path"; any other form as it is.
std::string origin_form(std::string target) {
  const auto scheme = target.find("://");
  if (scheme == std::string::npos || target.front() == '/') return target;
  const auto path = target.find_first_of("/?", scheme + 3);
  if (path == std::string::npos) return "/";
  return target[path] == '/' ? target.substr(path) : "/" + target.substr(path);
}

Head read_head(const Parser& parser) {
  const auto& message = parser.get();
  Head head;
  head.method = text(message.method_string());
  head.target = origin_form(text(message.target()));
  head.content_encoding = joined_values(message, http::field::content_encoding);
  if (const auto length = parser.content_length()) head.content_length = *length;
  head.has_body = parser.chunked() || head.content_length.value_or(0) > 0;
  const bool http_1_1 = message.version() == 11;
  head.expects_continue = http_1_1 && beast::iequals(message[http::field::expect], "100-continue");
  head.keep_alive = http_1_1 && parser.keep_alive();
  return head;
}

/// Between the data of two chunks every line ends with CR LF; the parser would wait for one.
bool has_bare_line_feed(std::string_view lines) {
  for (auto at = lines.find('\n'); at != std::string_view::npos; at = lines.find('\n', at + 1))
    if (at == 0 || lines[at - 1] != '\r') return true;
  return false;
}

/// The parser waits although the line that announces data is complete: a quoted extension does not end on it.
bool has_open_quote(std::string_view lines) {
  if (lines.starts_with("\r\n")) lines.remove_prefix(2);
  lines.remove_prefix(std::min(lines.find_first_not_of('0'), lines.size()));
  return !lines.empty() && std::isxdigit(static_cast<unsigned char>(lines.front())) != 0 &&
         lines.find('\n') != std::string_view::npos;
}

/// The parser was given "0\r\n", wanted more, and got one byte: it asserts on that.
bool last_chunk_and_a_byte(std::string_view unread) {
  return unread.size() == 4 && unread.starts_with("0\r\n");
}

constexpr std::size_t empty_lines_max = 16;

}  // namespace

struct RequestReader::Impl {
  std::size_t head_bytes_max;
  std::uint64_t body_bytes_max;
  std::size_t searched = 0;
  std::size_t empty_lines = 0;
  bool head_done = false;
  bool between_chunks = false;  ///< the parser waits for the rest of a line
  Parser parser;
  Head head;
  Response refusal;

  Impl(std::size_t head_max, std::uint64_t body_max) : head_bytes_max(head_max), body_bytes_max(body_max) {
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());  // head_bytes_max holds before the parser
    parser.body_limit(boost::none);                                  // a wrong path is told before a wrong length
    parser.eager(true);
  }

  Step refuse(int status, std::string_view why) {
    refusal = Response{status, std::nullopt, false, std::string(why) + "\n"};
    return Step::refused;
  }

  void drop_body() noexcept { std::string{}.swap(parser.get().body()); }

  /// RFC 9112, 2.2: a server ignores at least one of them before a request.
  bool skip_empty_lines(std::string& buffer) {
    std::size_t end = 0;
    while (empty_lines <= empty_lines_max && std::string_view(buffer).substr(end).starts_with("\r\n")) {
      ++empty_lines;
      end += 2;
    }
    buffer.erase(0, end);
    return empty_lines <= empty_lines_max;
  }

  Step feed_head(std::string& buffer) {
    if (searched == 0 && !skip_empty_lines(buffer)) return refuse(400, "empty lines instead of a request");
    const HeadEnd end = find_head_end(buffer, searched);
    if (end.state == HeadEnd::State::malformed) return refuse(400, "malformed request head");
    if (end.size > head_bytes_max) return refuse(431, "request head too large");
    searched = end.size;
    if (end.state == HeadEnd::State::incomplete) return Step::more;

    if (const auto fault = fault_in_head(std::string_view(buffer).substr(0, end.size)))
      return refuse(fault->status, fault->why);
    beast::error_code error;
    parser.put(boost::asio::buffer(buffer.data(), end.size), error);
    if (error) return refuse(400, "malformed request head");
    buffer.erase(0, end.size);
    head = read_head(parser);
    head_done = true;
    parser.body_limit(body_bytes_max);
    return Step::head;
  }

  Step feed_body(std::string& buffer) {
    while (!parser.is_done()) {
      beast::error_code error = http::error::need_more;
      if (!between_chunks || !last_chunk_and_a_byte(buffer))
        buffer.erase(0, parser.put(boost::asio::buffer(buffer), error));
      if (error == http::error::body_limit) return refuse(413, "body too large");
      if (error == boost::system::errc::not_enough_memory) {
        drop_body();  // first: its memory is what is missing
        return refuse(503, "no memory for the body");
      }
      if (error && error != http::error::need_more) return refuse(400, "malformed body");
      if (parser.is_done()) break;
      between_chunks = error == http::error::need_more;
      if (between_chunks && (has_bare_line_feed(buffer) || has_open_quote(buffer)))
        return refuse(400, "malformed body");
      if (between_chunks && buffer.size() > head_bytes_max) return refuse(400, "chunk header too long");
      if (between_chunks || buffer.empty()) return Step::more;
    }
    return Step::complete;
  }
};

RequestReader::RequestReader(std::size_t head_bytes_max, std::uint64_t body_bytes_max)
    : impl_(std::make_unique<Impl>(head_bytes_max, body_bytes_max)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

RequestReader::Step RequestReader::feed(std::string& buffer) {
  return impl_->head_done ? impl_->feed_body(buffer) : impl_->feed_head(buffer);
}

const Head& RequestReader::head() const noexcept {
  return impl_->head;
}

std::size_t RequestReader::body_bytes() const noexcept {
  return impl_->parser.get().body().size();
}

void RequestReader::drop_body() noexcept {
  impl_->drop_body();
}

const Response& RequestReader::refusal() const noexcept {
  return impl_->refusal;
}

Request RequestReader::request() {
  Head& head = impl_->head;
  return {std::move(head.method), std::move(head.target), std::move(head.content_encoding),
          std::move(impl_->parser.get().body())};
}

}  // namespace prospero::webhooks::detail
