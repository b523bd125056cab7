#include "conformance/witness_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <utility>

#include "conformance/shell_command.hpp"
#include "conformance/wire_socket.hpp"
#include "contract/values.hpp"
#include "transport/response_reader.hpp"
#include "transport/tls_client.hpp"

namespace mock::conformance {
namespace {

using Steady = std::chrono::steady_clock;
using transport::ResponseReader;

constexpr auto witness_within = std::chrono::seconds(5);

template <class Value>
Value accepted(std::string_view flag, transport::Result<Value> result) {
  if (!result) throw std::invalid_argument(fmt::format("{}: {}", flag, result.error().reason));
  return std::move(*result);
}

transport::UrlPolicy everything_allowed() {
  transport::UrlPolicy policy;
  policy.allow_local = true;
  policy.allow_http = true;
  for (const auto* const all : {"0.0.0.0/0", "::/0"}) policy.allow_nets.push_back(*transport::Network::parse(all));
  return policy;
}

// The parser of URLs speaks of webhooks, which this is none of.
transport::WebhookUrl accepted_url(const std::string& text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    throw std::invalid_argument(
        "--witness: give a URL that starts with http:// or https://; for a file, --witness-cmd 'cat FILE'");
  }
  auto url = transport::WebhookUrl::parse(text, everything_allowed());
  if (url) return *std::move(url);
  constexpr std::string_view webhook = "the webhook URL";
  auto reason = url.error().reason;
  if (reason.starts_with(webhook)) reason.replace(0, webhook.size(), "this URL");
  throw std::invalid_argument("--witness: " + reason);
}

std::string checked_header(const std::string& header) {
  const auto colon = header.find(':');
  const bool printable = std::ranges::all_of(header, [](unsigned char c) { return c >= ' ' && c != 0x7f; });
  const bool named = colon != std::string::npos && colon > 0 && header.find(' ') > colon;
  if (!header.empty() && !(printable && named)) {
    throw std::invalid_argument("--witness-header: give one header field, as in 'Authorization: Bearer TOKEN'");
  }
  return header.empty() ? header : header + "\r\n";
}

class HttpWitness : public Witness {
 public:
  HttpWitness(const WitnessUrl& options, transport::NameLookup& lookup, Loop& loop)
      : url_(accepted_url(options.url)),
        header_(checked_header(options.header)),
        tls_(accepted("--ca", transport::make_client_context(options.ca_files))),
        lookup_(lookup),
        loop_(loop) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to the socket without MSG_NOSIGNAL
  }

  WitnessReading read() override {
    std::string text;
    auto problem = fetch(text, Steady::now() + witness_within);
    if (problem.empty()) return parse_witness(text);
    return {{}, fmt::format("the witness at {}: {}", url_.redacted(), std::move(problem))};
  }

 private:
  // Empty if `text` holds all of the answer.
  std::string fetch(std::string& text, WireSocket::Deadline deadline) {
    const auto addresses = look_up();
    if (addresses.empty()) return "its host name is unknown";
    std::string problem;
    for (const auto& address : addresses) {
      WireSocket socket{loop_};
      if (socket.connect(address, url_.port(), deadline)) return ask(socket, text, deadline);
      problem = socket.problem();
    }
    return problem;
  }

  std::vector<transport::Address> look_up() {
    if (url_.literal()) return {*url_.literal()};
    const auto found = std::make_shared<std::optional<transport::LookupResult>>();
    const auto pending = lookup_.resolve(transport::plain_host(url_.host()),
                                         [found](transport::LookupResult result) { *found = std::move(result); });
    loop_.run_until([&] { return found->has_value(); }, witness_within);
    return *found ? (*found)->addresses : std::vector<transport::Address>();
  }

  std::string ask(WireSocket& socket, std::string& text, WireSocket::Deadline deadline) const {
    const auto request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n{}Connection: close\r\n\r\n",
                                     url_.target(), url_.authority(), contract::user_agent, header_);
    const bool open =
        !url_.https() || socket.handshake(tls_->native_handle(), url_, TlsVersion::any, nullptr, deadline);
    if (!open || !socket.send(request, deadline)) return socket.problem();
    ResponseReader reader([&](std::string_view body) { text += body; });
    while (reader.state() == ResponseReader::State::reading && text.size() <= witness_bytes_max) {
      std::string bytes;
      const auto last = socket.read(bytes, deadline);
      if (last == WireSocket::Read::late) return "no complete answer within 5 s";
      if (last == WireSocket::Read::failed) return socket.problem();
      last == WireSocket::Read::end ? reader.feed_end() : reader.feed(bytes);
    }
    if (text.size() > witness_bytes_max) return "its answer is over 32 MiB";
    return problem_of(reader);
  }

  static std::string problem_of(const ResponseReader& reader) {
    switch (reader.state()) {
      case ResponseReader::State::complete:
        return reader.status() == 200 ? "" : fmt::format("it answers {}", reader.status().value_or(0));
      case ResponseReader::State::not_http:
        return "no HTTP: " + reader.problem();
      case ResponseReader::State::closed_early:
      case ResponseReader::State::reading:
        return "the connection ended before its answer did";
    }
    return "";
  }

  transport::WebhookUrl url_;
  std::string header_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  transport::NameLookup& lookup_;
  Loop& loop_;
};

class CommandWitness : public Witness {
 public:
  explicit CommandWitness(std::string command) : command_(std::move(command)) {}

  WitnessReading read() override {
    const auto output = output_of(command_, witness_within, witness_bytes_max);
    if (!output.problem.empty()) return {{}, "the witness command: " + output.problem};
    return parse_witness(output.text);
  }

 private:
  std::string command_;
};

}  // namespace

std::unique_ptr<Witness> make_http_witness(const WitnessUrl& options, transport::NameLookup& lookup, Loop& loop) {
  return std::make_unique<HttpWitness>(options, lookup, loop);
}

std::unique_ptr<Witness> make_command_witness(std::string command) {
  return std::make_unique<CommandWitness>(std::move(command));
}

}  // namespace mock::conformance
