#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "client.hpp"
#include "server.hpp"
#include "support/soft_limit.hpp"

using namespace listener_test;

namespace {

int status_of(const Server& server, const std::string& bytes) {
  Client client(server.listener.port());
  client.send(bytes);
  const auto answer = client.read_answer();
  BOOST_TEST(client.has_ended());
  return answer.status;
}

/// At most `connections_max` at a time, and all the time in the world for each.
pw::ListenerOptions with_patience(std::size_t connections_max) {
  pw::ListenerOptions options;
  options.connections_max = connections_max;
  options.head_max = options.request_max = std::chrono::hours(1);
  return options;
}

/// `count` clients that have sent `start` and nothing else; back when the listener has `open` connections.
std::vector<std::unique_ptr<Client>> crowd(const Server& server, std::size_t count, const std::string& start,
                                           std::size_t open = 0) {
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<Client>(server.listener.port()));
    clients.back()->send(start);
  }
  BOOST_TEST_REQUIRE(eventually([&] { return server.listener.counters().connections_open == std::max(open, count); }));
  return clients;
}

/// While it lives this process can open only `count` descriptors more.
test_support::SoftLimit few_descriptors(rlim_t count) {
  const int next_free = dup(0);
  close(next_free);
  return {RLIMIT_NOFILE, static_cast<rlim_t>(next_free) + count};
}

void expect_stored(const Server& server, int socket) {
  Client client(socket, server.listener.port());
  client.send(post(hook, body));
  BOOST_TEST(client.read_answer().status == 200);
}

/// All descriptors of the process are taken, 20 of them by peers that have sent `start`; then real pushes come.
void serve_without_file_descriptors(const std::string& start) {
  Server server(with_patience(10'000));
  std::vector<int> sockets;
  const auto kept = crowd(server, 20, start);
  for (int i = 0; i < 5; ++i) sockets.push_back(new_socket());

  {
    const auto none_left = few_descriptors(0);
    for (const int socket : sockets) expect_stored(server, socket);
  }
  BOOST_TEST(server.listener.counters().connections_evicted >= 1u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(what_goes_beyond_them_is_refused_and_the_connection_ends) {
  Server server;
  const std::string line = "POST " + hook + " HTTP/1.1\r\nHost: a\r\n";
  BOOST_TEST(status_of(server, line + "X: " + std::string(17'000, 'x') + "\r\n\r\n") == 431);
  BOOST_TEST(status_of(server, line + "Content-Length: 1048577\r\n\r\n") == 413);
  BOOST_TEST(status_of(server, line + "Transfer-Encoding: chunked\r\n\r\n100001\r\n") == 413);
  BOOST_TEST(status_of(server, line + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx") == 400);
  BOOST_TEST(status_of(server, line + "Content-Length: 1\nX: y\r\n\r\nx") == 400);
  BOOST_TEST(status_of(server, "\x16\x03\x01") == 400);
  BOOST_TEST(server.inbox->list({}, 1).rows.empty());
}

BOOST_AUTO_TEST_CASE(the_largest_body_is_taken) {
  const Pki pki;
  Server server(pki.options);
  Client client(server.listener.port());
  client.start_tls({pki.ca.pem()});
  client.send(post(hook, std::string(1u << 20, 'x')));
  BOOST_TEST(client.read_answer().status == 200);
}

// The sanitizer needs descriptors itself.
BOOST_AUTO_TEST_CASE(descriptors_that_run_out_before_the_first_push_do_not_end_the_process,
                     *boost::unit_test::label("unsanitized")) {
  const Server server;
  const std::array<int, 2> sockets{new_socket(), new_socket()};  // one for each loop
  const auto for_both = few_descriptors(2);
  for (const int socket : sockets) expect_stored(server, socket);
}

// One body of the largest size always has room, so there is room for one such body.
BOOST_AUTO_TEST_CASE(large_bodies_share_their_room_and_keep_no_usual_push_out, *boost::unit_test::label("R4")) {
  pw::ListenerOptions options = with_patience(100);
  options.reading_bytes_max = 0;
  Server server(options);
  constexpr std::size_t usual = 64u << 10;
  const std::string large = post(hook, std::string(900'000, 'x'));
  const std::string begun = large.substr(0, large.size() - 1);
  const auto answer_to = [&](const std::string& request) {
    Client client(server.listener.port());
    client.send(request);
    return client.read_answer();
  };
  const auto taken = [&](std::size_t bytes) {
    return eventually([&] { return server.listener.counters().reading_bytes == bytes; });
  };

  for (const bool completes : {true, false}) {
    Client slow(server.listener.port());
    slow.send(begun);
    BOOST_REQUIRE(taken(900'000 - 1 - usual));
    const Answer refusal = answer_to(large);
    BOOST_TEST(refusal.status == 503);
    BOOST_TEST(refusal.head.find("Retry-After: 60") != std::string::npos);
    BOOST_TEST(refusal.head.find("Connection: close") != std::string::npos);
    BOOST_TEST(server.listener.counters().reading_bytes == 900'000 - 1 - usual);  // what was refused holds nothing
    BOOST_TEST(answer_to(post(hook, std::string(usual, 'x'))).status == 200);
    if (!completes) continue;
    slow.send("x");
    BOOST_TEST(slow.read_answer().status == 200);
    BOOST_REQUIRE(taken(0));
    BOOST_TEST(answer_to(large).status == 200);
  }
  BOOST_TEST(taken(0));  // the one that did not complete is gone
  BOOST_TEST(server.receiver.counters().unstored == 2u);
}

BOOST_AUTO_TEST_CASE(a_refusal_reaches_a_client_that_is_still_sending) {
  Server server;
  Client client(server.listener.port());
  client.send(post("/elsewhere", std::string(1u << 19, 'x')));
  BOOST_TEST(client.read_answer().status == 404);
}

BOOST_AUTO_TEST_CASE(above_the_connection_limit_the_one_that_waited_longest_makes_room) {
  pw::ListenerOptions options;
  options.connections_max = 2;
  options.threads = 1;
  Server server(options);
  Client first(server.listener.port());
  first.send(post(hook, body));
  BOOST_TEST(first.read_answer().status == 200);
  Client second(server.listener.port());
  second.send(post(hook, body));
  BOOST_TEST(second.read_answer().status == 200);
  first.send(post(hook, body));  // now `second` has waited longer
  BOOST_TEST(first.read_answer().status == 200);

  Client third(server.listener.port());
  third.send(post(hook, body));
  BOOST_TEST(third.read_answer().status == 200);
  BOOST_TEST(second.has_ended());
  BOOST_TEST(server.listener.counters().connections_evicted >= 1u);
}

BOOST_AUTO_TEST_CASE(requests_under_way_are_never_evicted) {
  pw::ListenerOptions options;
  options.connections_max = 1;
  Server server(options, true);
  Client busy(server.listener.port());
  busy.send(post(hook, body));
  server.holding.wait_until_held(1);
  Client next(server.listener.port());
  next.send(post(hook, "next"));
  server.holding.let_go();
  BOOST_TEST(busy.read_answer().status == 200);
  server.holding.wait_until_held(1);
  server.holding.let_go();
  BOOST_TEST(next.read_answer().status == 200);
}

// Their deadlines are so long that only eviction can let the pushes in.
BOOST_AUTO_TEST_CASE(peers_that_began_a_request_make_room_for_real_pushes, *boost::unit_test::label("D4")) {
  const std::string slow_starts[] = {"P", "POST " + hook + " HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                                     "POST " + hook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"};
  for (const std::string& start : slow_starts) {
    Server server(with_patience(30));
    const auto slow = crowd(server, 30, start);
    std::vector<std::unique_ptr<Client>> kept;
    for (int i = 0; i < 5; ++i) {
      kept.push_back(std::make_unique<Client>(server.listener.port()));
      kept.back()->send(post(hook, body));
      BOOST_TEST(kept.back()->read_answer().status == 200);
    }
    BOOST_TEST(eventually([&] { return server.listener.counters().connections_evicted >= 5u; }));
    const auto ended = [&] {
      return std::count_if(slow.begin(), slow.end(),
                           [](auto& one) { return one->is_readable(std::chrono::milliseconds(0)); });
    };
    BOOST_TEST(eventually([&] { return ended() >= 5; }));
    for (const auto& one : kept) BOOST_TEST(!one->is_readable(std::chrono::milliseconds(0)));
  }
}

BOOST_AUTO_TEST_CASE(silent_peers_make_room_before_those_that_began_a_request) {
  Server server(with_patience(3));
  Client slow(server.listener.port());
  slow.send("POST " + hook + " HTTP/1.1\r\nHost: a\r\n");
  const auto silent = crowd(server, 2, "", 3);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));  // only those silent for a second go first
  Client real(server.listener.port());
  real.send(post(hook, body));
  BOOST_TEST(real.read_answer().status == 200);
  slow.send("Content-Length: 2\r\n\r\n{}");
  BOOST_TEST(slow.read_answer().status == 200);
  BOOST_TEST(silent.front()->has_ended());
}

// Not in a sanitized build: the undefined behaviour sanitizer looks at memory through a pipe, and without a descriptor
// for it takes sound objects for broken ones.
BOOST_AUTO_TEST_CASE(running_out_of_file_descriptors_does_not_stop_the_accepting,
                     *boost::unit_test::label("unsanitized")) {
  for (const std::string& start : {std::string(), std::string("P")}) serve_without_file_descriptors(start);
}

BOOST_AUTO_TEST_SUITE_END()
