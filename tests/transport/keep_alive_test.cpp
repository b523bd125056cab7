// Connections that are used again (--keep-alive): the same URL only, and never twice the same push in one attempt.
#include "transport/idle_connections.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include "loop.hpp"

namespace utf = boost::unit_test;
using namespace mock::transport;
using namespace test_support;
using mock::delivery::to_text;
using transport_test::Loop;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct KeepAlive : Loop {
  HttpTransport kept{io, names, {transport_test::local_policy(), {ca_file()}, true}};

  mock::delivery::AttemptResult push(const std::string& url) {
    std::optional<mock::delivery::AttemptResult> result;
    kept.post({url, std::make_shared<const std::string>("{}")}, [&](auto done) { result = std::move(done); });
    while (!result) io.run_one();
    while (io.poll() > 0) {  // what the server does after its answer
    }
    return *result;
  }
};

Script twice(Script more) {
  Script script{read_request(), write(ok)};
  script.insert(script.end(), more.begin(), more.end());
  return script;
}

class FakeStream final : public Stream {
 public:
  explicit FakeStream(bool quiet, int& closed) : quiet_(quiet), closed_(closed) {}
  void handshake(std::function<void(boost::system::error_code)>) override {}
  void write(boost::asio::const_buffer, Done) override {}
  void read_some(boost::asio::mutable_buffer, Done) override {}
  bool is_quiet() override { return quiet_; }
  void close(bool) override { ++closed_; }
  std::string certificate_problem() const override { return {}; }

 private:
  bool quiet_;
  int& closed_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keep_alive, KeepAlive)

BOOST_AUTO_TEST_CASE(second_push_to_the_same_url_needs_no_new_connection, *utf::label("D1") * utf::label("D4")) {
  const auto& server = serve(twice({read_request(), write(ok)}));
  BOOST_TEST(to_text(push(url_of(server)).outcome) == "ok");
  const auto second = push(url_of(server));
  BOOST_TEST(to_text(second.outcome) == "ok");
  BOOST_TEST(server.connections() == 1U);
  BOOST_TEST(server.requests().size() == 2U);
  BOOST_TEST(second.connected);
  BOOST_TEST(!second.phases.connect.has_value());
  BOOST_TEST(!second.phases.tls.has_value());
  BOOST_TEST(second.phases.send.has_value());
}

BOOST_AUTO_TEST_CASE(another_path_is_another_url, *utf::label("D1")) {
  const auto& server = serve(answering(ok));
  push(url_of(server));
  BOOST_TEST(to_text(push(url_of(server) + "2").outcome) == "ok");
  BOOST_TEST(server.connections() == 2U);
}

BOOST_AUTO_TEST_CASE(connection_that_was_closed_meanwhile_is_no_failed_attempt, *utf::label("D5")) {
  const auto& server = serve({read_request(), write(ok), drop()});
  for (int i = 0; i < 3; ++i) BOOST_TEST(to_text(push(url_of(server)).outcome) == "ok");
  BOOST_TEST(server.connections() == 3U);
  BOOST_TEST(server.requests().size() == 3U);
}

BOOST_AUTO_TEST_CASE(connection_that_was_closed_in_order_with_the_answer_is_no_failed_attempt, *utf::label("D5")) {
  const auto& server = serve({read_request(), write(ok), close()});
  for (int i = 0; i < 3; ++i) BOOST_TEST(to_text(push(url_of(server)).outcome) == "ok");
  BOOST_TEST(server.connections() == 3U);
}

BOOST_AUTO_TEST_CASE(push_that_may_have_arrived_is_not_sent_again, *utf::label("D5") * utf::label("D1")) {
  const auto& server = serve(twice({read_request(), drop()}));
  push(url_of(server));
  const auto second = push(url_of(server));
  BOOST_TEST(to_text(second.outcome) == "unreachable");
  BOOST_TEST(second.detail.find("kept from an earlier attempt") != std::string::npos);
  BOOST_TEST(server.connections() == 1U);
  BOOST_TEST(server.requests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(only_what_a_peer_leaves_open_and_clean_is_kept, *utf::label("D3")) {
  for (const std::string& response : {std::string{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"},
                                      std::string{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"},
                                      ok + "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n"}) {
    const auto& server = serve(answering(response));
    BOOST_TEST(to_text(push(url_of(server)).outcome) == "ok");
    BOOST_TEST(to_text(push(url_of(server)).outcome) == "ok");
    BOOST_TEST(server.connections() == 2U, response);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(idle_connections)

BOOST_AUTO_TEST_CASE(are_bounded_and_the_oldest_goes_first) {
  boost::asio::io_context io;
  int first = 0, others = 0;
  IdleConnections idle(io, {2, std::chrono::hours(1)});
  idle.put("a", std::make_shared<FakeStream>(true, first));
  idle.put("b", std::make_shared<FakeStream>(true, others));
  idle.put("b", std::make_shared<FakeStream>(true, others));
  BOOST_TEST(first == 1);
  BOOST_TEST(idle.size() == 2U);
  BOOST_TEST(idle.take("a") == nullptr);
  BOOST_TEST(idle.take("b") != nullptr);
  BOOST_TEST(others == 0);
}

BOOST_AUTO_TEST_CASE(are_closed_after_their_time_and_when_something_came) {
  boost::asio::io_context io;
  int closed = 0;
  IdleConnections idle(io, {2, std::chrono::milliseconds(1)});
  idle.put("a", std::make_shared<FakeStream>(true, closed));
  io.run();
  BOOST_TEST(closed == 1);
  BOOST_TEST(idle.size() == 0U);

  IdleConnections noisy(io, {2, std::chrono::hours(1)});
  noisy.put("a", std::make_shared<FakeStream>(false, closed));
  BOOST_TEST(noisy.take("a") == nullptr);
  BOOST_TEST(closed == 2);
}

BOOST_AUTO_TEST_SUITE_END()
