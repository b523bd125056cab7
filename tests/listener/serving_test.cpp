#include <boost/test/unit_test.hpp>

#include "client.hpp"
#include "server.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;

BOOST_AUTO_TEST_SUITE(serving)

BOOST_AUTO_TEST_CASE(a_push_over_tls_is_stored_and_answered_200, *utf::label("D1") * utf::label("D3")) {
  const Pki pki;
  Server server(pki.options);
  Client client(server.listener.port());
  client.start_tls({pki.ca.pem()});
  client.send(post(hook, body));
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(server.inbox->list({}, 10).rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_serves_one_request_after_the_other) {
  Server server;
  Client client(server.listener.port());
  for (const int status : {200, 404, 200, 405}) {
    client.send(status == 405   ? "GET " + hook + " HTTP/1.1\r\nHost: a\r\n\r\n"
                : status == 404 ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                                : post(hook, body));
    const auto answer = client.read_answer();
    BOOST_TEST(answer.status == status);
    BOOST_TEST(answer.head.find("Connection: close") == std::string::npos);
    BOOST_TEST((answer.head.find("\r\nAllow: POST\r\n") != std::string::npos) == (status == 405));
  }
  const auto counters = server.listener.counters();
  BOOST_TEST(counters.connections_accepted == 1u);
  BOOST_TEST(counters.connections_open == 1u);
  BOOST_TEST(counters.answers.at(200) == 2u);
  BOOST_TEST(counters.answers.at(404) == 1u);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  Server server;
  Client client(server.listener.port());
  client.send(post(hook, body) + "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + post(hook, "second") +
              "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + post(hook, "never"));
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(client.read_answer(true).status == 404);
  BOOST_TEST(client.read_answer().status == 200);
  const auto last = client.read_answer();
  BOOST_TEST(last.status == 404);
  BOOST_TEST(last.head.find("\r\nConnection: close\r\n") != std::string::npos);
  BOOST_TEST(client.has_ended());
  BOOST_TEST(server.inbox->list({}, 10).rows.size() == 2u);
}

BOOST_AUTO_TEST_CASE(http_1_0_is_answered_and_closed) {
  Server server;
  Client client(server.listener.port());
  client.send("POST " + hook + " HTTP/1.0\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}");
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(client.has_ended());
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_first_is_told_to_go_on_only_if_its_body_is_wanted) {
  Server server;
  const std::string expect = "Expect: 100-continue\r\n";
  const auto head_of = [&](const std::string& path) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n" + expect + "\r\n";
  };
  Client wanted(server.listener.port());
  wanted.send(head_of(hook));
  BOOST_TEST(wanted.read_answer().status == 100);
  wanted.send("{}");
  BOOST_TEST(wanted.read_answer().status == 200);

  Client unwanted(server.listener.port());
  unwanted.send(head_of("/elsewhere"));
  BOOST_TEST(unwanted.read_answer().status == 404);
  BOOST_TEST(unwanted.has_ended());

  Client impatient(server.listener.port());
  impatient.send(head_of(hook) + "{}");
  BOOST_TEST(impatient.read_answer().status == 200);
}

BOOST_AUTO_TEST_CASE(many_connections_are_served_at_once_while_their_pushes_wait_for_the_disk) {
  Server server({}, true);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<Client>(server.listener.port()));
    clients.back()->send(post(hook, std::to_string(i)));
  }
  server.holding.wait_until_held(50);
  server.holding.let_go();
  for (const auto& client : clients) BOOST_TEST(client->read_answer().status == 200);
}

BOOST_AUTO_TEST_CASE(silent_connections_delay_nobody, *utf::label("D4")) {
  const Pki pki;
  Server server(pki.options);
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 200; ++i) silent.push_back(std::make_unique<Client>(server.listener.port()));
  Client client(server.listener.port());
  client.start_tls({pki.ca.pem()});
  client.send(post(hook, body));
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_SUITE_END()
