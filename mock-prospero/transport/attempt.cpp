#include "transport/attempt.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "contract/values.hpp"
#include "transport/answer_line.hpp"
#include "transport/own_shortage.hpp"
#include "transport/secret_path.hpp"

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

using boost::system::error_code;
using delivery::Outcome;
using delivery::Phases;

// In one piece: one record of TLS, one call of the system.
std::string request_of(const WebhookUrl& url, const PushFields& fields, const std::string& body) {
  constexpr std::size_t rest_bytes = 150;
  const auto host = url.authority();
  std::string text;
  text.reserve(rest_bytes + fields.user_agent.size() + fields.content_type.size() + url.target().size() + host.size() +
               body.size());
  text.append(PROSPERO_FAULT(D1_put_instead_of_post) ? "PUT " : "POST ").append(url.target());
  text.append(" HTTP/1.1\r\nHost: ").append(host);
  if (PROSPERO_FAULT(D2_the_attempt_is_told)) text.append("\r\nX-Prospero-Attempt: 1");
  if (!PROSPERO_FAULT(D2_no_user_agent)) text.append("\r\nUser-Agent: ").append(fields.user_agent);
  if (!PROSPERO_FAULT(D2_no_content_type)) text.append("\r\nContent-Type: ").append(fields.content_type);
  text.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  text.append(body);
  return text;
}

std::string connect_failure_text(const std::vector<Connector::Failure>& failures) {
  constexpr std::size_t shown_max = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(failures.size(), shown_max); ++i) {
    const auto& [endpoint, error] = failures[i];
    const bool refused = error == boost::asio::error::connection_refused;
    text += (i == 0 ? "" : ", ") + (refused ? "connection refused by " : error.message() + ": ") + text_of(endpoint);
  }
  if (failures.size() > shown_max) text += ", ...";
  return text;
}

std::string handshake_failure_text(error_code error, const std::string& certificate_problem) {
  if (!certificate_problem.empty()) return certificate_problem;
  if (is_end_of_stream(error)) return "connection closed during the TLS handshake";
  if (!is_tls_failure(error)) return "connection lost during the TLS handshake: " + error.message();
  const auto message = error.message();
  const bool plain = message.find("wrong version number") != std::string::npos;
  return "TLS handshake failed: " + message + (plain ? "; the port does not speak TLS" : "");
}

std::string led_to(const std::string& location, const std::string& url) {
  return location.empty() ? "" : " leads to " + without_secrets(location, url);
}

}  // namespace

HttpAttempt::HttpAttempt(AttemptContext& context, delivery::Push push, Done done)
    : context_(context),
      push_(std::move(push)),
      done_(std::move(done)),
      started_at_(Steady::now()),
      phase_since_(started_at_) {}

// A kept connection takes the push at once; everything else begins on the loop.
void HttpAttempt::start() {
  limit(started_at_);
  const auto url = context_.urls.judge(push_.url, context_.policy);
  if (url) url_ = *url;
  if (url && reuse_connection()) return exchange();
  boost::asio::post(context_.io, [self = shared_from_this(), refusal = url ? "" : url.error().reason] {
    if (self->over()) return;
    if (!self->url_) return self->finish(Outcome::refused_address, refusal);
    self->look_up();
  });
}

void HttpAttempt::limit(Steady::time_point from) {
  forget_limit();
  deadline_ = context_.deadlines.add(from + contract::answer_within, shared_from_this());
}

void HttpAttempt::forget_limit() {
  if (deadline_) context_.deadlines.remove(*std::exchange(deadline_, std::nullopt));
}

void HttpAttempt::abandon() {
  done_ = nullptr;
  release(false);
}

void HttpAttempt::keep_connection() {
  if (context_.idle == nullptr || !stream_ || writing_ || !response_.keeps_connection()) return;
  context_.idle->put(url_->normalized(), std::exchange(stream_, nullptr));
}

void HttpAttempt::release(bool in_order) {
  forget_limit();
  rest_.reset();
  lookup_.reset();
  connector_.reset();
  if (stream_) stream_->close(in_order);
}

// Its address was judged when it was connected (D6).
bool HttpAttempt::reuse_connection() {
  if (context_.idle == nullptr) return false;
  stream_ = context_.idle->take(url_->normalized());
  reused_ = stream_ != nullptr;
  result_.connected = reused_;
  return reused_;
}

void HttpAttempt::look_up() {
  if (url_->literal()) return connect({*url_->literal()});
  enter(&Phases::dns);
  // A look-up that finds no file for its own socket or list tells something else of it, maybe when there are files
  // again.
  if (!socket_can_be_had()) return hold_back("too many open files");
  lookup_ = context_.lookup.resolve(plain_host(url_->host()), [self = shared_from_this()](LookupResult found) {
    if (!self->over()) self->on_addresses(std::move(found));
  });
}

void HttpAttempt::on_addresses(LookupResult found) {
  if (PROSPERO_FAULT(D4_the_name_look_up_is_not_counted)) limit(started_at_ = Steady::now());
  if (found.addresses.empty() && !socket_can_be_had()) return hold_back("too many open files");
  if (found.addresses.empty()) return finish(Outcome::unreachable, std::move(found.error));
  for (const auto& address : found.addresses) {
    if (PROSPERO_FAULT(D6_address_is_checked_at_registration_only)) break;
    if (const auto reason = refuse_address(address, context_.policy)) {
      return finish(Outcome::refused_address, url_->host() + " leads to an address that is refused: " + *reason);
    }
  }
  connect(found.addresses);
}

void HttpAttempt::connect(const std::vector<Address>& addresses) {
  enter(&Phases::connect);
  std::vector<Tcp::endpoint> endpoints;
  for (const auto& address : addresses) endpoints.emplace_back(address, url_->port());
  connector_ = std::make_unique<Connector>(
      context_.io, interleave(endpoints),
      [self = shared_from_this()](Tcp::socket socket, const std::vector<Connector::Failure>& failures) {
        if (!self->over()) self->on_connected(std::move(socket), failures);
      });
}

void HttpAttempt::on_connected(Tcp::socket socket, const std::vector<Connector::Failure>& failures) {
  const auto short_of = std::ranges::find_if(failures, [](const auto& one) { return is_own_shortage(one.error); });
  if (!socket.is_open() && short_of != failures.end()) return hold_back(short_of->error.message());
  if (!socket.is_open()) return finish(Outcome::unreachable, connect_failure_text(failures));
  result_.connected = true;
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);  // without it the push is only slower
  if (!url_->https()) {
    stream_ = make_plain_stream(std::move(socket));
    return exchange();
  }
  enter(&Phases::tls);
  stream_ = make_tls_stream(std::move(socket), *context_.tls, *url_);
  if (!stream_) return finish(Outcome::tls_error, "OpenSSL does not take '" + url_->host() + "' as a server name");
  stream_->handshake([self = shared_from_this()](error_code error) {
    if (!self->over()) self->on_handshake(error);
  });
}

void HttpAttempt::on_handshake(error_code error) {
  if (error) return finish(Outcome::tls_error, handshake_failure_text(error, stream_->certificate_problem()));
  exchange();
}

// Reading starts together with writing: a consumer may answer before it has read all.
void HttpAttempt::exchange() {
  enter(&Phases::send);
  request_ = request_of(*url_, context_.fields, *push_.body);
  writing_ = true;
  stream_->write(boost::asio::buffer(request_), [self = shared_from_this()](error_code error, std::size_t) {
    if (!self->over()) self->on_written(error);
  });
  read();
}

// A failed write is not the end: the response may be there already, and if not, the read fails in its turn.
void HttpAttempt::on_written(error_code error) {
  writing_ = false;
  if (!error) enter(&Phases::wait);
}

void HttpAttempt::read() {
  if (!buffer_) buffer_ = context_.buffers.take();
  reading_ = true;
  stream_->read_some(boost::asio::buffer(*buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
    if (!self->over()) self->on_read(error, size);
  });
}

void HttpAttempt::on_read(error_code error, std::size_t size) {
  reading_ = false;
  response_.feed({buffer_->data(), size});
  keep_received({buffer_->data(), size});
  result_.status = response_.status();
  if (error && is_end_of_stream(error)) response_.feed_end();
  if (response_.state() != ResponseReader::State::reading) return judge_response();
  if (!error && PROSPERO_FAULT(D4_deadline_per_read_instead_of_total)) limit(Steady::now());
  if (!error) return read();
  if (is_tls_failure(error)) {
    return finish(Outcome::tls_error, "TLS failed after the handshake: " + error.message());
  }
  const bool head_read = response_.status().has_value();
  finish(Outcome::unreachable, std::string("connection lost ") +
                                   (head_read ? "inside the response body: " : "before the response: ") +
                                   error.message());
}

void HttpAttempt::keep_received(std::string_view bytes) {
  auto& kept = result_.received;
  kept += bytes.substr(0, context_.answer_bytes_kept - std::min(context_.answer_bytes_kept, kept.size()));
}

void HttpAttempt::judge_response() {
  switch (response_.state()) {
    case ResponseReader::State::complete: {
      const int status = *response_.status();
      const bool success = status == contract::success_status ||
                           (PROSPERO_FAULT(D3_any_2xx_is_success) && status / 100 == 2) ||
                           (PROSPERO_FAULT(D3_any_3xx_is_success) && status / 100 == 3);
      return finish(
          success ? Outcome::ok : Outcome::bad_status,
          success ? "200" : std::to_string(status) + led_to(response_.location(), push_.url) + "; only 200 is success");
    }
    case ResponseReader::State::not_http:
      if (PROSPERO_FAULT(D5_any_answer_will_do)) return finish(Outcome::ok, "200");
      return finish(Outcome::not_http, "the answer is no HTTP response: " + response_.problem());
    case ResponseReader::State::closed_early:
      if (response_.status() && PROSPERO_FAULT(D5_a_cut_off_answer_is_success)) return finish(Outcome::ok, "200");
      if (response_.status()) return finish(Outcome::unreachable, "connection closed inside the response body");
      return finish(Outcome::unreachable, response_.anything_received() ? "connection closed inside the response head"
                                                                        : "connection closed before any response");
    case ResponseReader::State::reading:
      return;
  }
}

void HttpAttempt::on_deadline() {
  deadline_.reset();
  finish(Outcome::timeout, timeout_text());
}

// Nothing was sent, and it is not the consumer's doing: the attempt is made again (G5), which does not count (X2). A
// moment later, so that a shortage that lasts is no busy loop, and without a deadline: nobody is waited for.
void HttpAttempt::hold_back(const std::string& why) {
  constexpr std::chrono::seconds moment{1};
  if (PROSPERO_FAULT(X2_own_shortage_counts)) return finish(Outcome::unreachable, why);
  forget_limit();
  connector_.reset();
  rest_.emplace(context_.io, moment);
  rest_->async_wait([self = shared_from_this(), why](error_code error) {
    if (!error && !self->over()) self->finish(Outcome::interrupted, "not sent, for want of the sender's own: " + why);
  });
}

std::string HttpAttempt::timeout_text() const {
  const std::string limit = "not finished within " + std::to_string(contract::answer_within.count()) + " s: ";
  if (phase_ == &Phases::dns) return limit + "looking up '" + url_->host() + "'";
  if (phase_ == &Phases::connect) return limit + "connecting";
  if (phase_ == &Phases::tls) return limit + "TLS handshake";
  if (phase_ == &Phases::send && !response_.anything_received()) return limit + "sending the request";
  if (response_.status()) return limit + "response body (status " + std::to_string(*response_.status()) + ")";
  return limit + (response_.anything_received() ? "response head" : "waiting for the response");
}

void HttpAttempt::enter(Phase phase) {
  const auto now = Steady::now();
  leave_phase(now);
  phase_ = phase;
  phase_since_ = now;
}

void HttpAttempt::leave_phase(Steady::time_point now) {
  if (phase_ != nullptr) result_.phases.*phase_ = std::chrono::duration_cast<delivery::Duration>(now - phase_since_);
}

// In time is strictly less than the limit, measured, whatever timer or byte was handled first (D4).
void HttpAttempt::finish(Outcome outcome, std::string detail) {
  const auto now = Steady::now();
  const bool late = now - started_at_ >= contract::answer_within && !PROSPERO_FAULT(D4_late_but_first_is_in_time);
  if (late && outcome != Outcome::timeout && outcome != Outcome::interrupted) {
    outcome = Outcome::timeout;
    detail = "finished, but only after " + std::to_string(contract::answer_within.count()) + " s: " + detail;
  }
  // The push may have arrived: it is not sent again on another connection within the same attempt.
  if (reused_ && outcome == Outcome::unreachable) detail += ", on a connection kept from an earlier attempt";
  leave_phase(now);
  result_.took = std::chrono::ceil<delivery::Duration>(now - started_at_);
  result_.outcome = outcome;
  result_.detail = std::move(detail);
  if (outcome != Outcome::ok) result_.answer = answer_line(response_.opening(), push_.url);
  const auto done = std::exchange(done_, nullptr);
  keep_connection();
  if (!reading_) context_.buffers.give_back(std::move(buffer_));
  release(response_.state() == ResponseReader::State::complete && !writing_);
  done(std::move(result_));
}

}  // namespace mock::transport
