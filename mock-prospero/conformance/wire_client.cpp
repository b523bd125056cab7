#include "conformance/wire_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <csignal>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "conformance/wire_socket.hpp"
#include "contract/values.hpp"
#include "transport/response_reader.hpp"
#include "transport/tls_client.hpp"

namespace mock::conformance {
namespace {

using Steady = std::chrono::steady_clock;
using delivery::Outcome;
using transport::ResponseReader;

constexpr std::size_t received_bytes_max = 64 * 1024;
constexpr std::size_t announced_bytes = 64;  ///< of the body that a held connection never completes

struct SessionFree {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SessionPtr = std::unique_ptr<SSL_SESSION, SessionFree>;

template <class Value>
Value accepted(transport::Result<Value> result) {
  if (!result) throw std::invalid_argument(result.error().reason);
  return std::move(*result);
}

std::string other_path(const transport::WebhookUrl& url) {
  return url.target().substr(0, url.target().find('?')) + "/nothing-is-here";
}

std::string head_of(const WireRequest& request, const transport::WebhookUrl& url) {
  auto head =
      fmt::format("{} {} HTTP/1.1\r\n{}: {}\r\n", request.method,
                  request.where == Where::hook ? url.target() : other_path(url), request.host_name, url.authority());
  for (const auto& line : request.headers) head += line + "\r\n";
  switch (request.framing) {
    case Framing::counted:
      head += fmt::format("Content-Length: {}\r\n", request.body.size());
      break;
    case Framing::chunked:
      head += "Transfer-Encoding: chunked\r\n";
      break;
    case Framing::none:
      break;
  }
  return head + "\r\n";
}

std::string framed(std::string_view piece, Framing framing) {
  return framing == Framing::chunked ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : std::string(piece);
}

// False when the connection broke, was to be cut here, or the run is interrupted.
bool send_body(WireSocket& socket, const WireRequest& request, WireSocket::Deadline deadline) {
  const auto whole = std::string_view(request.body).substr(0, request.cut_body.value_or(request.body.size()));
  const auto piece = request.piece_bytes == 0 ? std::max<std::size_t>(whole.size(), 1) : request.piece_bytes;
  for (std::size_t at = 0; at < whole.size(); at += piece) {
    if (at > 0) std::this_thread::sleep_for(request.piece_pause);
    if (socket.interrupted() || !socket.send(framed(whole.substr(at, piece), request.framing), deadline)) return false;
  }
  if (request.cut_body) return false;
  return request.framing != Framing::chunked || socket.send("0\r\n\r\n", deadline);
}

// False when there is no answer to wait for.
bool send_request(WireSocket& socket, const WireRequest& request, const transport::WebhookUrl& url,
                  WireSocket::Deadline deadline) {
  const auto head = head_of(request, url);
  if (request.cut_head) {
    socket.send(std::string_view(head).substr(0, *request.cut_head), deadline);
    return false;
  }
  // A peer may answer and close before it has taken the whole body: the answer is read all the same.
  if (!socket.send(head, deadline)) return !request.cut_body && !request.leave_before_answer;
  send_body(socket, request, deadline);
  return !request.cut_body && !request.leave_before_answer;
}

void settle(delivery::AttemptResult& result, Outcome outcome, std::string detail) {
  result.outcome = outcome;
  result.detail = std::move(detail);
}

void judge(delivery::AttemptResult& result, const ResponseReader& reader, WireSocket::Read last,
           const std::string& problem) {
  result.status = reader.status();
  switch (reader.state()) {
    case ResponseReader::State::complete:
      return settle(result, *reader.status() == contract::success_status ? Outcome::ok : Outcome::bad_status, "");
    case ResponseReader::State::not_http:
      return settle(result, Outcome::not_http, reader.problem());
    case ResponseReader::State::closed_early:
      return settle(result, Outcome::unreachable, "connection closed before the response was complete");
    case ResponseReader::State::reading:
      break;
  }
  const bool late = last == WireSocket::Read::late;
  settle(result, late ? Outcome::timeout : Outcome::unreachable, late ? "no complete response" : problem);
}

void read_answer(WireSocket& socket, delivery::AttemptResult& answer, WireSocket::Deadline deadline) {
  ResponseReader reader;
  auto last = WireSocket::Read::some;
  while (reader.state() == ResponseReader::State::reading && last == WireSocket::Read::some) {
    std::string bytes;
    last = socket.read(bytes, deadline);
    if (last == WireSocket::Read::end) reader.feed_end();
    if (last != WireSocket::Read::some) break;
    answer.received += bytes.substr(0, received_bytes_max - std::min(received_bytes_max, answer.received.size()));
    reader.feed(bytes);
  }
  judge(answer, reader, last, socket.problem());
}

std::optional<std::int64_t> days_left(SSL* ssl) {
  const auto* const certificate = ssl != nullptr ? SSL_get0_peer_certificate(ssl) : nullptr;
  int days = 0, seconds = 0;
  if (certificate == nullptr || ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1) {
    return std::nullopt;
  }
  return days;
}

}  // namespace

std::vector<std::string> ordinary_headers() {
  return {fmt::format("User-Agent: {}", contract::user_agent), fmt::format("Content-Type: {}", contract::content_type)};
}

struct WireClient::Impl {
  transport::WebhookUrl url;
  transport::NameLookup& lookup;
  Loop& loop;
  transport::UrlPolicy policy;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::vector<transport::Address> addresses{};
  std::string no_name{};  ///< why the last look-up gave no address; empty if it gave one

  void look_up() {
    if (!addresses.empty()) return;
    if (url.literal()) {
      addresses.push_back(*url.literal());
      return;
    }
    std::optional<transport::LookupResult> found;
    const auto pending = lookup.resolve(transport::plain_host(url.host()),
                                        [&](transport::LookupResult result) { found = std::move(result); });
    loop.run_until([&] { return found.has_value(); }, contract::answer_within);
    if (found) addresses = found->addresses;
    no_name = addresses.empty() ? (found ? found->error : "the look-up of the name did not end in time") : "";
    std::erase_if(addresses,
                  [&](const auto& address) { return transport::refuse_address(address, policy).has_value(); });
  }

  // Stays with the address that answers.
  bool connect(WireSocket& socket, WireSocket::Deadline deadline) {
    look_up();
    while (addresses.size() > 1) {
      if (WireSocket trial(loop); trial.connect(addresses.front(), url.port(), deadline)) break;
      addresses.erase(addresses.begin());
    }
    return !addresses.empty() && socket.connect(addresses.front(), url.port(), deadline);
  }

  bool open(WireSocket& socket, TlsVersion version, SSL_SESSION* session, WireSocket::Deadline deadline) {
    if (!connect(socket, deadline)) return false;
    return !url.https() || socket.handshake(tls->native_handle(), url, version, session, deadline);
  }

  // False when the connection serves no further request.
  bool exchange_one(WireSocket& socket, const WireRequest& request, WireSocket::Deadline deadline,
                    Steady::time_point begin, WireSession& session) const {
    delivery::AttemptResult answer;
    answer.connected = true;
    if (send_request(socket, request, url, deadline)) {
      read_answer(socket, answer, deadline);
    } else {
      settle(answer, Outcome::interrupted, "left without waiting for an answer");
    }
    answer.took = std::chrono::ceil<delivery::Duration>(Steady::now() - begin);
    const bool complete = answer.outcome == Outcome::ok || answer.outcome == Outcome::bad_status;
    session.answers.push_back(std::move(answer));
    return complete;
  }

  WireSession exchange(const std::vector<WireRequest>& requests, TlsVersion version, SSL_SESSION* offered,
                       SessionPtr* kept) {
    WireSession session;
    WireSocket socket(loop);
    if (!requests.empty() && requests.front().name_in_capitals) socket.spell_name_in_capitals();
    auto begin = Steady::now();
    if (!open(socket, version, offered, begin + contract::answer_within)) {
      delivery::AttemptResult none;
      none.connected = socket.connected();
      none.took = std::chrono::ceil<delivery::Duration>(Steady::now() - begin);
      settle(none, socket.connected() ? Outcome::tls_error : Outcome::unreachable, no_name + socket.problem());
      if (!no_name.empty()) none.phases.dns = none.took;
      session.answers.push_back(std::move(none));
      return session;
    }
    for (const auto& request : requests) {
      if (!exchange_one(socket, request, begin + contract::answer_within, begin, session)) break;
      begin = Steady::now();
    }
    session.resumed = socket.tls() != nullptr && SSL_session_reused(socket.tls()) == 1;
    session.certificate_days_left = days_left(socket.tls());
    if (kept != nullptr && socket.tls() != nullptr) {
      kept->reset(SSL_get1_session(socket.tls()));
      SSL_shutdown(socket.tls());  // a session that was not closed in order may not be resumed
    }
    return session;
  }
};

WireClient::WireClient(const std::string& url, transport::NameLookup& lookup, Loop& loop,
                       const transport::TransportOptions& options)
    : impl_(new Impl{accepted(transport::WebhookUrl::parse(url, options.policy)), lookup, loop, options.policy,
                     accepted(transport::make_client_context(options.ca_files))}) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to the socket without MSG_NOSIGNAL
}

WireClient::~WireClient() = default;

WireSession WireClient::exchange(const std::vector<WireRequest>& requests, TlsVersion version, bool resume) {
  SessionPtr kept;
  if (resume) impl_->exchange({requests.front()}, version, nullptr, &kept);
  return impl_->exchange({requests.begin() + (resume ? 1 : 0), requests.end()}, version, kept.get(), nullptr);
}

namespace {

class Held : public HeldConnections {
 public:
  void trickle() override {
    for (const auto& socket : sockets) socket->send(" ", Steady::now());
  }
  std::size_t count() const override { return sockets.size(); }
  std::vector<std::unique_ptr<WireSocket>> sockets;
};

}  // namespace

std::unique_ptr<HeldConnections> WireClient::hold(std::size_t count, bool speaking) {
  auto held = std::make_unique<Held>();
  WireRequest opening;
  opening.headers = ordinary_headers();
  opening.headers.push_back(fmt::format("Content-Length: {}", announced_bytes));
  opening.framing = Framing::none;
  for (std::size_t i = 0; i < count; ++i) {
    const auto deadline = Steady::now() + contract::answer_within;
    auto socket = std::make_unique<WireSocket>(impl_->loop);
    const bool open = speaking ? impl_->open(*socket, TlsVersion::any, nullptr, deadline) &&
                                     socket->send(head_of(opening, impl_->url) + "{", deadline)
                               : impl_->connect(*socket, deadline);
    if (!open) break;
    held->sockets.push_back(std::move(socket));
  }
  return held;
}

}  // namespace mock::conformance
