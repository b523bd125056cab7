#include <boost/test/unit_test.hpp>

#include "client.hpp"
#include "server.hpp"

using namespace listener_test;
using std::chrono::milliseconds;

namespace {

/// Sends one byte, looks for an answer, sends the next.
Answer trickled(Client& client, const std::string& bytes) {
  for (const char byte : bytes) {
    if (client.is_readable(milliseconds(20))) break;
    client.send(std::string(1, byte));
  }
  return client.read_answer();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(are_those_of_the_documentation) {
  const pw::ListenerOptions options;
  BOOST_TEST(options.handshake_max.count() == 5'000);
  BOOST_TEST(options.head_max.count() == 5'000);
  BOOST_TEST(options.request_max.count() == 10'000);
  BOOST_TEST(options.keep_alive_max.count() == 60'000);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_comes_ends_the_connection) {
  Pki pki;
  pki.options.handshake_max = milliseconds(100);
  Server server(pki.options);
  Client client(server.listener.port());
  BOOST_TEST(client.has_ended());
  BOOST_TEST(eventually([&] { return server.listener.counters().tls_failures == 1; }));
}

BOOST_AUTO_TEST_CASE(a_trickled_head_is_answered_408_and_the_connection_ends) {
  Pki pki;
  pki.options.head_max = milliseconds(300);
  Server server(pki.options);
  Client client(server.listener.port());
  client.start_tls({pki.ca.pem()});
  BOOST_TEST(trickled(client, "POST /" + std::string(1000, 'x')).status == 408);
  BOOST_TEST(client.has_ended());
}

BOOST_AUTO_TEST_CASE(a_head_that_never_comes_is_answered_408) {
  pw::ListenerOptions options;
  options.head_max = milliseconds(100);
  Server server(options);
  Client client(server.listener.port());
  BOOST_TEST(client.read_answer().status == 408);
  BOOST_TEST(client.has_ended());
}

BOOST_AUTO_TEST_CASE(a_trickled_body_is_answered_408_and_nothing_is_stored) {
  pw::ListenerOptions options;
  options.request_max = milliseconds(300);
  Server server(options);
  Client client(server.listener.port());
  client.send("POST " + hook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  BOOST_TEST(trickled(client, std::string(999, ' ')).status == 408);
  BOOST_TEST(client.has_ended());
  BOOST_TEST(server.inbox->list({}, 1).rows.empty());
}

BOOST_AUTO_TEST_CASE(a_second_request_has_a_head_deadline_of_its_own) {
  pw::ListenerOptions options;
  options.head_max = milliseconds(300);
  Server server(options);
  Client client(server.listener.port());
  client.send(post(hook, body));
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(!client.is_readable(milliseconds(600)));  // waiting is not yet a request
  BOOST_TEST(trickled(client, "POST /" + std::string(1000, 'x')).status == 408);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_without_a_next_request_ends_without_a_word) {
  pw::ListenerOptions options;
  options.keep_alive_max = milliseconds(100);
  Server server(options);
  Client client(server.listener.port());
  client.send(post(hook, body));
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(client.has_ended());
}

BOOST_AUTO_TEST_CASE(a_push_that_waits_too_long_for_the_disk_is_answered_503) {
  pw::ListenerOptions options;
  options.request_max = milliseconds(300);
  Server server(options, true);
  Client client(server.listener.port());
  client.send(post(hook, body));
  BOOST_TEST(client.read_answer().status == 503);
  server.holding.let_go();  // the answer comes too late, for a connection that has its answer
  BOOST_TEST(client.has_ended());
}

BOOST_AUTO_TEST_SUITE_END()
