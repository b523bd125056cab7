// Section D: a push in every form that HTTP allows. Prospero's own form is not documented, so no one form may be
// needed.
#include <chrono>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t slow_pieces = 12;
constexpr delivery::Duration slow_pause = std::chrono::milliseconds(250);  // 3 s in all, of the 5 that there are

WireRequest push(Probe& probe) {
  WireRequest request;
  request.headers = ordinary_headers();
  request.body = probe.bodies().ordinary(probe.any_event());
  return request;
}

Finding answered(Probe& probe, const WireRequest& request) {
  return expect_success(probe.exchange_one(request));
}

Finding chunked(const Case&, Probe& probe) {
  auto request = push(probe);
  request.framing = Framing::chunked;
  request.piece_bytes = request.body.size() / 3 + 1;
  return answered(probe, request);
}

Finding slow_sender(const Case&, Probe& probe) {
  auto request = push(probe);
  request.piece_bytes = request.body.size() / slow_pieces;
  request.piece_pause = slow_pause;
  return answered(probe, request);
}

// A server may close a connection between two requests; a request that it took must be answered.
Finding keep_alive(const Case&, Probe& probe) {
  const auto session = probe.exchange({push(probe), push(probe), push(probe)});
  std::vector<Answer> results;
  for (const auto& answer : session.answers) {
    const bool closed_between = !results.empty() && answer.outcome == delivery::Outcome::unreachable;
    if (!closed_between) {
      results.push_back(answer);
    }
  }
  return expect_successes(results);
}

Finding connection_close(const Case&, Probe& probe) {
  auto request = push(probe);
  request.headers.emplace_back("Connection: close");
  return answered(probe, request);
}

Finding header_spelling(const Case&, Probe& probe) {
  auto lower = push(probe);
  lower.host_name = "host";
  lower.headers = {"content-type:application/json", "user-agent: " + ordinary_headers().front().substr(12)};
  auto upper = push(probe);
  upper.host_name = "HOST";
  upper.headers = {"CONTENT-TYPE: application/json", "USER-AGENT: " + ordinary_headers().front().substr(12)};
  const std::vector<Answer> answers{probe.exchange_one(lower), probe.exchange_one(upper)};
  return expect_successes(answers);
}

Finding charset(const Case&, Probe& probe) {
  auto request = push(probe);
  request.headers.back() = "Content-Type: application/json; charset=utf-8";
  return answered(probe, request);
}

Finding other_sender(const Case&, Probe& probe) {
  auto request = push(probe);
  request.headers.front() = "User-Agent: another-sender/3.1";
  for (const auto* const more : {"Accept: */*", "Accept-Encoding: gzip", "X-Request-Id: 1f3870be274f6c49"}) {
    request.headers.emplace_back(more);
  }
  return answered(probe, request);
}

Case form(std::string id, std::string title, std::string requirement, Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = id.substr(0, id.find('-'));
  result.id = std::move(id);
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::should;
  result.stage = Stage::wire;
  result.rests_on = base_case;
  result.expected = {success_in_time};
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> wire_cases() {
  std::vector<Case> cases{
      form("D1-chunked", "a body sent in chunks is taken",
           "HTTP/1.1 lets a sender leave Content-Length out and send the body in chunks.", chunked),
      form("D1-slow-sender", "a body that comes in small pieces over 3 s is taken",
           "A push may cross a slow network: 3 s of sending leave the consumer 2 s to answer.", slow_sender),
      form("D1-keep-alive", "several pushes over one connection are answered",
           "A sender may reuse a connection. The consumer answers each push, or closes between two.", keep_alive),
      form("D1-connection-close", "a push that asks for the connection to be closed is answered",
           "`Connection: close` ends the connection after the answer, not before it.", connection_close),
      form("D2-header-spelling", "names of header fields are taken in any case and order",
           "HTTP's field names have no case and no order that counts.", header_spelling),
      form("D2-charset", "a content type with a charset is taken",
           "`application/json; charset=utf-8` is the same type as `application/json`.", charset),
      form("D2-other-sender", "nothing depends on the sender's name or on further header fields",
           "No header field is promised but the content type: a consumer ignores what it does not know.", other_sender),
  };
  cases[1].about_ms = 3000;
  cases[2].no_vector = "it is about several pushes on one connection";
  return cases;
}

}  // namespace mock::conformance
