#include "consumer/admin.hpp"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <iterator>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace pw = prospero::webhooks;
using namespace std::chrono_literals;

namespace {

/// A client that says what it likes.
class Client {
 public:
  Client(std::uint16_t port, const std::string& bytes, std::chrono::seconds stays = 10s) {
    stream_.expires_after(stays);
    stream_.connect("127.0.0.1", std::to_string(port));
    say(bytes);
  }
  /// False when the server has closed the connection.
  bool say(const std::string& bytes) { return static_cast<bool>(stream_ << bytes << std::flush); }
  std::string line() {
    std::string text;
    std::getline(stream_, text);
    return text;
  }
  /// All until the server closes the connection.
  std::string rest() { return {std::istreambuf_iterator<char>(stream_), {}}; }

 private:
  boost::asio::ip::tcp::iostream stream_;
};

/// Clients that never end the head of their request, each on a thread of its own.
class Trickle {
 public:
  Trickle(std::uint16_t port, int count) : connecting_(count) {
    for (int n = 0; n < count; ++n) threads_.emplace_back([this, port] { go_on(port); });
    connecting_.wait();
  }
  ~Trickle() { ending_ = true; }
  /// Whether the server has closed one of them within that time.
  bool wait_for_end(std::chrono::milliseconds time_max) const {
    const auto until = std::chrono::steady_clock::now() + time_max;
    while (!ended_ && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(10ms);
    return ended_;
  }

 private:
  void go_on(std::uint16_t port) {
    Client client(port, "GET /healthz HTTP/1.1\r\nX: ", 60s);
    for (connecting_.count_down(); !ending_ && client.say("x");) std::this_thread::sleep_for(50ms);
    ended_ = true;
  }

  std::latch connecting_;
  std::atomic<bool> ending_ = false, ended_ = false;
  std::vector<std::jthread> threads_;
};

struct Stage {
  std::unique_ptr<pw::Inbox> inbox = pw::open_inbox("memory:");
  consumer::AdminRoutes routes{*inbox, {}, [] { return std::string(); }};
  std::optional<consumer::AdminServer> server;

  explicit Stage(std::chrono::milliseconds request_max = 1h) {
    server.emplace(routes, consumer::Endpoint{"127.0.0.1", 0}, request_max);
  }
  std::string ask(const std::string& request) const { return Client(server->port(), request).rest(); }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string healthz = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_server)

BOOST_AUTO_TEST_CASE(clients_that_never_end_their_request_keep_nobody_out) {
  const Stage stage;
  const Trickle slow(stage.server->port(), 80);
  for (int n = 0; n < 3; ++n) BOOST_TEST(stage.ask(healthz).starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(request_has_one_deadline_however_often_a_byte_comes) {
  const Stage stage(300ms);
  const Trickle slow(stage.server->port(), 1);
  BOOST_TEST(slow.wait_for_end(10s));
}

BOOST_AUTO_TEST_CASE(stop_does_not_wait_for_requests_that_never_end, *boost::unit_test::label("R3")) {
  Stage stage;
  std::future<void> stopped;
  const Trickle slow(stage.server->port(), 3);
  BOOST_TEST(stage.ask(healthz).starts_with("HTTP/1.1 200"));  // so the others are there as well
  stopped = std::async(std::launch::async, [&] { stage.server.reset(); });
  BOOST_TEST((stopped.wait_for(10s) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(head_has_the_length_and_no_body) {
  const std::string answer = Stage().ask("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  BOOST_TEST(answer.starts_with("HTTP/1.1 200"));
  BOOST_TEST(holds(answer, "Content-Length: 16\r\n"));
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(path_and_query_may_be_escaped) {
  const Stage stage;
  const auto get = [&](const std::string& target) {
    return stage.ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  BOOST_TEST(get("/%69nbox?%6cimit=%31&x").starts_with("HTTP/1.1 200"));
  BOOST_TEST(get("/inbox?limit=%30").starts_with("HTTP/1.1 400"));
  for (const char* other : {"/inbox%", "/inbox%6", "/inbox%zz"}) BOOST_TEST(get(other).starts_with("HTTP/1.1 404"));
}

BOOST_AUTO_TEST_CASE(body_is_asked_for_when_the_client_waits_to_be_asked) {
  const Stage stage;
  Client client(stage.server->port(),
                "POST /inbox/retry HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                "Content-Length: 14\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(client.line() == "HTTP/1.1 100 Continue\r");
  client.say(R"({"all":"dead"})");
  const std::string answer = client.rest();
  BOOST_TEST(holds(answer, "HTTP/1.1 200"));
  BOOST_TEST(holds(answer, R"({"changed":0})"));
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_refused) {
  const Stage stage;
  BOOST_TEST(stage.ask("hello\r\n\r\n").starts_with("HTTP/1.1 400"));
  BOOST_TEST(stage.ask("GET /" + std::string(10'000, 'x') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 431"));
  BOOST_TEST(holds(stage.ask("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "403"));
}

BOOST_AUTO_TEST_SUITE_END()
