#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "client.hpp"
#include "server.hpp"

using namespace listener_test;

namespace {

int status_of(const Server& server, const std::string& bytes) {
  Client client(server.listener.port());
  client.send(bytes);
  const auto answer = client.read_answer();
  BOOST_TEST(client.has_ended());
  return answer.status;
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

// Not in a sanitized build: the undefined behaviour sanitizer looks at memory through a pipe, and without a descriptor
// for it takes sound objects for broken ones.
BOOST_AUTO_TEST_CASE(running_out_of_file_descriptors_does_not_stop_the_accepting,
                     *boost::unit_test::label("unsanitized")) {
  Server server;
  std::vector<std::unique_ptr<Client>> kept;
  std::vector<int> sockets;
  for (int i = 0; i < 20; ++i) kept.push_back(std::make_unique<Client>(server.listener.port()));
  for (int i = 0; i < 5; ++i) sockets.push_back(new_socket());
  BOOST_TEST_REQUIRE(eventually([&] { return server.listener.counters().connections_open == 20; }));

  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const int next_free = dup(0);
  close(next_free);
  const rlimit none_left{static_cast<rlim_t>(next_free), before.rlim_max};
  BOOST_TEST_REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  for (const int socket : sockets) {
    Client client(socket, server.listener.port());
    client.send(post(hook, body));
    BOOST_TEST(client.read_answer().status == 200);
  }
  setrlimit(RLIMIT_NOFILE, &before);
  BOOST_TEST(server.listener.counters().connections_evicted >= 1u);
}

BOOST_AUTO_TEST_SUITE_END()
