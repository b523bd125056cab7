#include "admin_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace consumer {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t body_bytes_max = 64u << 10;
constexpr std::chrono::milliseconds send_max{60'000};  // for one answer, and one more for each of these:
constexpr std::size_t send_bytes = 4u << 20;           // a witness may be large
constexpr std::chrono::milliseconds send_at_stop_max{1'000};
constexpr std::chrono::milliseconds await_close_max{1'000};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

/// Of a part of a URL; a '%' without two digits stays as it is.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (; !text.empty(); text.remove_prefix(1)) {
    unsigned char byte = 0;
    const bool escaped =
        text.size() > 2 && text[0] == '%' && std::from_chars(&text[1], &text[1] + 2, byte, 16).ptr == &text[1] + 2;
    plain += escaped ? static_cast<char>(byte) : text[0];
    if (escaped) text.remove_prefix(2);
  }
  return plain;
}

/// Takes what stands before `mark` off the text, and the mark.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view taken = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(taken.size() + 1, text.size()));
  return taken;
}

AdminRequest to_request(const http::request<http::string_body>& from) {
  const auto field = [&](http::field name) { return std::string(from[name]); };
  std::string_view query{from.target().data(), from.target().size()};
  AdminRequest request{std::string(from.method_string()),
                       unescaped(take_until(query, '?')),
                       {},
                       field(http::field::host),
                       field(http::field::authorization),
                       field(http::field::origin),
                       field(http::field::content_type),
                       from.body()};
  while (!query.empty()) {
    std::string_view value = take_until(query, '&');
    const std::string name = unescaped(take_until(value, '='));
    request.query.emplace(name, unescaped(value));
  }
  return request;
}

AdminAnswer answer_of(const AdminRoutes& routes, const AdminRequest& request) {
  try {
    return routes.answer(request);
  } catch (const std::exception& error) {
    return admin_error(500, error.what());
  }
}

/// Why a request is refused that could not be read.
AdminAnswer refusal_of(const error_code& error) {
  if (error == http::error::body_limit)
    return admin_error(413,
                       fmt::format("the body is over {} KiB: name fewer rows, or use \"all\"", body_bytes_max >> 10));
  if (error == http::error::header_limit) return admin_error(431, "the path or the header fields are too long");
  return admin_error(400, "not an HTTP request that can be answered");
}

bool wants_invitation(const http::request<http::string_body>& request) {
  return boost::beast::iequals(request[http::field::expect], "100-continue");
}

}  // namespace

AdminConnection::AdminConnection(asio::ip::tcp::socket socket, const AdminRoutes& routes, asio::io_context& answers)
    : socket_(std::move(socket)), routes_(routes), answers_(answers), deadline_(socket_.get_executor()) {
  parser_.body_limit(body_bytes_max);
}

void AdminConnection::start(std::chrono::milliseconds request_max) {
  close_in(request_max);
  read_head();
}

bool AdminConnection::is_being_answered() const noexcept {
  return step_ == Step::answering || step_ == Step::writing;
}

void AdminConnection::close() {
  error_code ignored;  // nothing is left to do about it
  socket_.close(ignored);
  deadline_.cancel();
}

void AdminConnection::drain() {
  draining_ = true;
  if (step_ == Step::writing) return close_in(send_at_stop_max);
  if (step_ != Step::answering) close();
}

void AdminConnection::read_head() {
  http::async_read_header(socket_, buffer_, parser_, [self = shared_from_this()](error_code error, std::size_t) {
    if (error) return self->refuse(error);
    const auto& request = self->parser_.get();
    // No other body is wanted, and what is not read costs nothing.
    if (request.method() != http::verb::post || !AdminRoutes::is_change(to_request(request).path))
      return self->answer();
    wants_invitation(request) ? self->invite_body() : self->read_body();
  });
}

void AdminConnection::invite_body() {
  asio::async_write(socket_, asio::buffer(go_on), [self = shared_from_this()](error_code error, std::size_t) {
    error ? self->close() : self->read_body();
  });
}

void AdminConnection::read_body() {
  http::async_read(socket_, buffer_, parser_, [self = shared_from_this()](error_code error, std::size_t) {
    error ? self->refuse(error) : self->answer();
  });
}

void AdminConnection::refuse(const error_code& error) {
  const bool is_http = error.category() == make_error_code(http::error::body_limit).category();
  if (!is_http || error == http::error::end_of_stream || error == http::error::partial_message) return close();
  write(refusal_of(error));
}

void AdminConnection::answer() {
  step_ = Step::answering;
  deadline_.expires_at(asio::steady_timer::time_point::max());
  asio::post(answers_, [self = shared_from_this(), request = to_request(parser_.get())]() mutable {
    AdminAnswer answer = answer_of(self->routes_, request);
    const auto executor = self->socket_.get_executor();
    asio::post(executor,
               [self = std::move(self), answer = std::move(answer)]() mutable { self->write(std::move(answer)); });
  });
}

void AdminConnection::write(AdminAnswer answer) {
  step_ = Step::writing;
  close_in(draining_ ? send_at_stop_max : send_max * static_cast<int>(1 + answer.body.size() / send_bytes));
  response_.result(static_cast<unsigned>(answer.status));
  response_.set(http::field::content_type, answer.content_type);
  response_.set(http::field::cache_control, "no-store");
  if (!answer.allow.empty()) response_.set(http::field::allow, answer.allow);
  if (answer.status == 401) response_.set(http::field::www_authenticate, "Bearer");
  response_.keep_alive(false);  // a body that nobody reads must not be taken for the next request
  response_.content_length(answer.body.size());
  if (parser_.get().method() != http::verb::head) response_.body() = std::move(answer.body);
  http::async_write(socket_, response_, [self = shared_from_this()](error_code error, std::size_t) {
    error ? self->close() : self->await_close();
  });
}

// To close a socket with unread bytes would take the answer away from the client.
void AdminConnection::await_close() {
  if (draining_) return close();
  step_ = Step::closing;
  close_in(await_close_max);
  error_code gone;
  socket_.shutdown(asio::socket_base::shutdown_send, gone);
  discard();
}

void AdminConnection::discard() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(4u << 10), [self = shared_from_this()](error_code error, std::size_t) {
    error ? self->close() : self->discard();
  });
}

void AdminConnection::close_in(std::chrono::milliseconds time_max) {
  deadline_.expires_after(time_max);
  deadline_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    if (self->deadline_.expiry() > asio::steady_timer::clock_type::now()) return;  // it has another one by now
    self->close();
  });
}

}  // namespace consumer
