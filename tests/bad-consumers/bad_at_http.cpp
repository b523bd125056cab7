// Wrong readings of HTTP, broken connections, load, and answers that tell too much.
#include <algorithm>
#include <atomic>
#include <memory>

#include "catalogue.hpp"

namespace bad_consumers {
namespace {

using std::chrono::milliseconds;
using test_support::CertificateAuthority;

// Of a body: slow connections that give up have sent fewer.
constexpr long few_bytes = 100;

// The process dies and comes back: so many pushes find nobody.
auto dies_when_broken(bool in_head) {
  return [in_head](const CertificateAuthority& authority) {
    const auto absent = std::make_shared<std::atomic<int>>(0);
    auto options = with([absent](const Request&) {
      return Reply{.manner = absent->fetch_sub(1) > 0 ? Reply::Manner::dropped : Reply::Manner::complete};
    })(authority);
    options.on_broken = [absent, in_head](long body_bytes) {
      if (in_head ? body_bytes < 0 : body_bytes > few_bytes) *absent = 1;
    };
    return options;
  };
}

ServerOptions stays_dead_when_broken(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.dies_of_broken = [](long body_bytes) { return body_bytes > few_bytes; };
  return options;
}

ServerOptions one_at_a_time(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.one_at_a_time = true;
  return options;
}

ServerOptions takes_every_path(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.answer = [](const Request& request) { return Reply{.status = request.method == "POST" ? 200 : 405}; };
  return options;
}

ServerOptions takes_every_method(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.answer = [](const Request& request) {
    return Reply{.status = request.target == BadConsumer::secret_path ? 200 : 404};
  };
  return options;
}

auto unreadable_after(std::size_t body_bytes) {
  return with_state([body_bytes] {
    const auto busy = std::make_shared<std::atomic<bool>>(false);
    return [busy, body_bytes](const Request& request) {
      const bool was_busy = busy->exchange(request.body.size() > body_bytes);
      return Reply{.status = was_busy ? 503 : 200};
    };
  });
}

// What is collected after a large body keeps the next push waiting.
std::function<Reply(const Request&)> slow_after_large_bodies() {
  const auto large = std::make_shared<std::atomic<bool>>(false);
  return [large](const Request& request) {
    const auto size = request.body.size();
    const bool was_large = large->exchange(size > 200'000 && size < 500'000);
    return Reply{.delay = milliseconds(was_large ? 2600 : 0)};
  };
}

std::function<Reply(const Request&)> restarts_at_push(int first, int last) {
  const auto count = std::make_shared<std::atomic<int>>(0);
  return [count, first, last](const Request&) {
    const int number = ++*count;
    return Reply{.status = number >= first && number < last ? 503 : 200};
  };
}

Reply busy_beyond(const Request& request, int limit) {
  return {.status = request.under_way > limit ? 429 : 200, .delay = milliseconds(request.under_way > 2 ? 1500 : 200)};
}

std::vector<BadConsumer> bad_at_requests() {
  return {
      {"needs a Content-Length", "D1-chunked", refusing(411, [](const Request& r) { return !r.counted; })},
      {"gives a body 1.5 s to arrive", "D1-slow-sender",
       refusing(408, [](const Request& r) { return r.body_took > milliseconds(1500); })},
      {"answers only the first push of a connection", "D1-keep-alive",
       refusing(500, [](const Request& r) { return r.on_connection > 1; })},
      {"takes Connection: close for now", "D1-connection-close", with([](const Request& r) {
         const bool close = r.field("Connection") == "close";
         return Reply{.manner = close ? Reply::Manner::dropped : Reply::Manner::complete};
       })},
      {"reads header fields in one spelling only", "D2-header-spelling",
       refusing(500, [](const Request& r) { return r.field("Content-Type").empty(); })},
      {"takes no charset", "D2-charset",
       refusing(500, [](const Request& r) { return r.field("Content-Type").find("charset") != std::string::npos; })},
      {"knows its sender by its name", "D2-other-sender",
       refusing(403, [](const Request& r) { return r.head.find("another-sender") != std::string::npos; })},
      {"answers GET with 200", "D1-other-methods", takes_every_method},
      {"takes every path", "D1-other-path", takes_every_path},
      {"has a path that can be guessed", "D6-path-entropy", with([](const Request&) { return Reply{}; }, "/webhook"),
       false, "/webhook"},
  };
}

std::vector<BadConsumer> bad_at_breaks() {
  return {
      {"dies of a push that is cut off in its head", "D5-cut-head", dies_when_broken(true)},
      {"dies of a push that is cut off in its body", "D5-cut-body", dies_when_broken(false)},
      {"dies of a push that is cut off in its body, and nobody starts it again", "D5-cut-body", stays_dead_when_broken},
      {"serves one connection at a time", "D5-silent-connections D5-slow-connections", one_at_a_time},
      {"is out of memory after 5 MB", "D1-oversize", unreadable_after(5'000'000)},
      {"is slow after a large body", "D4-margin", with_state(slow_after_large_bodies)},
      {"takes 6 pushes at once", "D4-burst", with([](const Request& r) { return busy_beyond(r, 6); })},
      {"takes 40 pushes at once, of 0.45 s each", "D4-sustained D9-bulk",
       with([](const Request& r) { return Reply{.status = r.under_way > 40 ? 429 : 200, .delay = milliseconds(450)}; }),
       true},
      {"restarts every thousand pushes", "D4-sustained", with_state([] { return restarts_at_push(700, 710); }), true},
  };
}

std::vector<BadConsumer> too_talkative() {
  return {
      {"tells its version", "D3-no-software-hint",
       with([](const Request&) { return Reply{.fields = "Server: Apache/2.4.1\r\n"}; })},
      {"tells its framework", "D3-no-software-hint",
       with([](const Request&) { return Reply{.fields = "X-Powered-By: Express\r\n"}; })},
      {"shows stack traces", "D3-no-stack-trace", with([](const Request& r) {
         return Reply{.body = push_of(r).event.empty() ? "Traceback (most recent call last):\n  File" : ""};
       })},
      {"echoes the payload", "D3-no-echo", with([](const Request& r) { return Reply{.body = r.body}; })},
  };
}

}  // namespace

std::vector<BadConsumer> bad_at_http() {
  auto list = bad_at_requests();
  for (auto* const more : {bad_at_breaks, too_talkative}) {
    std::ranges::move(more(), std::back_inserter(list));
  }
  return list;
}

}  // namespace bad_consumers
