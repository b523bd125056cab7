#include "transport/response_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// Keeps the status line, the media type and where a redirect leads, hands out the body, and drops the rest.
class StatusParser : public http::basic_parser<false> {
 public:
  explicit StatusParser(const ResponseReader::BodySink& sink) : sink_(sink) {
    eager(true);
    header_limit(ResponseReader::head_bytes_max);
    body_limit(boost::none);
  }
  int status() const { return status_; }
  const std::string& location() const { return location_; }
  ResponseReader::Opening opening() const {
    constexpr auto bytes_max = ResponseReader::opening_bytes_max;
    return {.status = (version_ == 10 ? "HTTP/1.0 " : "HTTP/1.1 ") + std::to_string(status_),
            .text = reason_.substr(0, bytes_max),
            .media_type = media_type_.substr(0, bytes_max)};
  }
  bool interim() const { return !PROSPERO_FAULT(D3_interim_is_final) && status_ / 100 == 1 && status_ != 101; }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view reason, int version, error_code&) override {
    status_ = code;
    version_ = version;
    reason_.assign(reason.data(), reason.size());
  }
  void on_field_impl(http::field name, string_view, string_view value, error_code&) override {
    if (in_trailer_) return;
    if (name == http::field::location) location_.assign(value.data(), value.size());
    if (name == http::field::content_type) media_type_.assign(value.data(), value.size());
  }
  void on_header_impl(error_code&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return handed_out(body); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return handed_out(body); }
  void on_finish_impl(error_code&) override {}

  std::size_t handed_out(string_view body) const {
    if (sink_) sink_({body.data(), body.size()});
    return body.size();
  }

  const ResponseReader::BodySink& sink_;
  int status_ = 0;
  int version_ = 11;
  bool in_trailer_ = false;  ///< the fields that may follow chunks say nothing of the head
  std::string location_, reason_, media_type_;
};

constexpr std::string_view version_prefix = "HTTP/1.";
constexpr std::size_t status_at = std::string_view("HTTP/1.1 ").size();
constexpr std::size_t status_line_head = std::string_view("HTTP/1.1 200").size();

/// Beast's parser was given "0\r\n", wanted more, and got one byte: it asserts on that.
bool last_chunk_and_a_byte(std::string_view unread) {
  return unread.size() == 4 && unread.starts_with("0\r\n");
}

/// Between the data of two chunks every line ends with CR LF; the parser would wait for one.
bool has_bare_line_feed(std::string_view lines) {
  for (auto at = lines.find('\n'); at != std::string_view::npos; at = lines.find('\n', at + 1))
    if (at == 0 || lines[at - 1] != '\r') return true;
  return false;
}

/// What can be said of a status line before it is complete; a peer that speaks another protocol may never end it.
std::string_view early_problem(std::string_view head) {
  const auto known = std::min(head.size(), version_prefix.size());
  if (head.substr(0, known) != version_prefix.substr(0, known)) return "the answer does not start with HTTP/1.";
  if (head.size() > status_at && head[status_at] == '0') return "its status is below 100";
  const auto line_end = head.find('\n');
  if (line_end != std::string_view::npos && head[line_end - 1] != '\r') return "lines end without a carriage return";
  return {};
}

/// The first line that is not empty; of empty ones alone, all.
std::string first_line(std::string_view bytes) {
  constexpr std::string_view ends = "\r\n";
  const auto begin = bytes.find_first_not_of(ends);
  if (begin == std::string_view::npos) return std::string(bytes);
  return std::string(bytes.substr(begin, bytes.find_first_of(ends, begin) - begin));
}

}  // namespace

struct ResponseReader::Impl {
  explicit Impl(BodySink body) : sink(std::move(body)) {}

  void parse() {
    while (state == State::reading && !pending.empty()) {
      if (!parser->is_header_done() && !check_head()) return;
      if (between_chunks && last_chunk_and_a_byte(pending)) return;
      error_code error;
      const auto used = parser->put(boost::asio::buffer(pending, head_room()), error);
      pending.erase(0, used);
      if (!parser->is_header_done()) head_bytes += used;
      if (error && error != http::error::need_more) return fail("it is malformed: " + error.message());
      between_chunks = error == http::error::need_more && parser->is_header_done();
      if (between_chunks && has_bare_line_feed(pending))
        return fail("lines between chunks end without a carriage return");
      if (parser->is_done()) {
        finish();
      } else if (error == http::error::need_more || used == 0) {
        limit_pending();
        return;
      }
    }
  }

  bool check_head() {
    if (head_bytes > 0) return true;
    if (const auto problem_found = early_problem(pending); !problem_found.empty()) {
      fail(std::string(problem_found));
      return false;
    }
    // Usual clients accept a status line that ends after the number; Beast wants the space before the empty reason.
    if (pending.size() > status_line_head && pending[status_line_head] == '\r') pending.insert(status_line_head, " ");
    return true;
  }

  /// How much the parser may see: of a head no more than it may have, however much came at once.
  std::size_t head_room() const {
    return parser->is_header_done() ? pending.size() : ResponseReader::head_bytes_max - head_bytes;
  }

  void limit_pending() {
    if (pending.size() + head_bytes > head_bytes_max) fail("its head, or the line between two chunks, is over 64 KiB");
  }

  void finish() {
    if (!parser->interim()) {
      state = State::complete;
      return;
    }
    parser.emplace(sink);
    head_bytes = 0;
    interim = first_line(beginning);
    beginning = pending.substr(0, opening_bytes_max);
  }

  void keep_beginning(std::string_view bytes) { beginning += bytes.substr(0, opening_bytes_max - beginning.size()); }

  void fail(std::string why) {
    state = State::not_http;
    problem = std::move(why);
  }

  BodySink sink;
  std::optional<StatusParser> parser{std::in_place, sink};
  std::string pending;
  std::size_t head_bytes = 0;   ///< of the head under way, already parsed
  bool between_chunks = false;  ///< the parser waits for the rest of a line
  bool received = false;
  std::string beginning;  ///< the first bytes after the last interim response, at most opening_bytes_max
  std::string interim;    ///< the first line of that one
  State state = State::reading;
  std::string problem;
};

ResponseReader::ResponseReader(BodySink body) : impl_(std::make_unique<Impl>(std::move(body))) {}
ResponseReader::~ResponseReader() = default;

ResponseReader::State ResponseReader::feed(std::string_view bytes) {
  if (impl_->state == State::reading) {
    impl_->received = impl_->received || !bytes.empty();
    impl_->pending += bytes;
    impl_->keep_beginning(bytes);
    impl_->parse();
  }
  return impl_->state;
}

ResponseReader::State ResponseReader::feed_end() {
  if (impl_->state != State::reading) return impl_->state;
  error_code error = http::error::partial_message;
  if (impl_->parser->got_some()) impl_->parser->put_eof(error);
  impl_->state = error || !impl_->parser->is_done() ? State::closed_early : State::complete;
  return impl_->state;
}

ResponseReader::State ResponseReader::state() const {
  return impl_->state;
}

std::optional<int> ResponseReader::status() const {
  const auto& parser = *impl_->parser;
  if (!parser.is_header_done() || parser.interim()) return std::nullopt;
  return parser.status();
}

std::string ResponseReader::location() const {
  constexpr std::size_t shown_max = 300;
  const auto code = status().value_or(0);
  if (code < 300 || code > 399) return {};
  const auto& found = impl_->parser->location();
  const bool printable = std::all_of(found.begin(), found.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return printable ? found.substr(0, shown_max) : std::string{};
}

ResponseReader::Opening ResponseReader::opening() const {
  const auto& parser = *impl_->parser;
  if (parser.is_header_done() && !parser.interim()) return parser.opening();
  return {
      .status = {}, .text = impl_->beginning.empty() ? impl_->interim : first_line(impl_->beginning), .media_type = {}};
}

bool ResponseReader::keeps_connection() const {
  return impl_->state == State::complete && impl_->pending.empty() && impl_->parser->keep_alive();
}

bool ResponseReader::anything_received() const {
  return impl_->received;
}
const std::string& ResponseReader::problem() const {
  return impl_->problem;
}

}  // namespace mock::transport
