#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "client.hpp"
#include "server.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;

namespace {

/// The session that the listener grants to this offer; throws when it grants none.
std::unique_ptr<Client> connected(const Server& server, const TlsOffer& offer) {
  auto client = std::make_unique<Client>(server.listener.port());
  client->start_tls(offer);
  client->send(post(hook, body));
  if (client->read_answer().status != 200) throw std::logic_error("not answered 200");
  return client;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls, *utf::label("D7"))

BOOST_AUTO_TEST_CASE(versions_1_2_and_1_3_are_spoken_and_older_ones_refused) {
  const Pki pki;
  Server server(pki.options);
  BOOST_TEST(connected(server, {pki.ca.pem(), TLS1_3_VERSION, "", {}})->tls_version() == "TLSv1.3");
  BOOST_TEST(connected(server, {pki.ca.pem(), TLS1_2_VERSION, "", {}})->tls_version() == "TLSv1.2");
  BOOST_CHECK_THROW(connected(server, {pki.ca.pem(), TLS1_1_VERSION, "ALL:@SECLEVEL=0", {}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(version_1_2_is_spoken_with_forward_secret_aead_ciphers_only) {
  const Pki pki;
  Server server(pki.options);
  for (const std::string good : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"})
    BOOST_TEST(connected(server, {pki.ca.pem(), TLS1_2_VERSION, good, {}})->cipher() == good);
  for (const std::string bad : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256"})
    BOOST_CHECK_THROW(connected(server, {pki.ca.pem(), TLS1_2_VERSION, bad, {}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(groups_that_cost_the_server_much_are_refused) {
  const Pki pki;
  Server server(pki.options);
  for (const std::string good : {"X25519", "P-256", "P-384"})
    BOOST_CHECK_NO_THROW(connected(server, {pki.ca.pem(), TLS1_3_VERSION, "", {}, good}));
  for (const std::string bad : {"ffdhe2048", "ffdhe8192"})
    BOOST_CHECK_THROW(connected(server, {pki.ca.pem(), TLS1_3_VERSION, "", {}, bad}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(http_1_1_is_the_only_protocol_offered) {
  const Pki pki;
  Server server(pki.options);
  BOOST_TEST(connected(server, {pki.ca.pem(), 0, "", {"h2", "http/1.1"}})->alpn() == "http/1.1");
  BOOST_TEST(connected(server, {pki.ca.pem()})->alpn() == "");
  BOOST_CHECK_THROW(connected(server, {pki.ca.pem(), 0, "", {"h2"}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(connections_without_a_session_are_counted_and_harm_nobody) {
  const Pki pki;
  Server server(pki.options);
  Client plain(server.listener.port());
  plain.send(post(hook, body));
  BOOST_CHECK_THROW(plain.read_answer(), std::runtime_error);
  BOOST_TEST(eventually([&] { return server.listener.counters().tls_failures == 1; }));
  connected(server, {pki.ca.pem()});
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_client_that_reads_to_the_end_is_complete) {
  const Pki pki;
  Server server(pki.options);
  Client client(server.listener.port());
  client.start_tls({pki.ca.pem()});
  client.send(post(hook, body, "Connection: close\r\n"));
  BOOST_TEST(client.read_answer().status == 200);
  BOOST_TEST(client.has_ended());
}

// OpenSSL reads on after each of them by itself, and no deadline would end that: so many would take it some 7 s.
BOOST_AUTO_TEST_CASE(records_without_data_hold_nobody_up,
                     *utf::label("D4") * utf::label("unsanitized") * utf::label("slow")) {
  const Pki pki;
  pw::ListenerOptions options = pki.options;
  options.threads = 1;
  options.head_max = std::chrono::seconds(60);
  Server server(options);
  Client flooding(server.listener.port());
  flooding.start_tls({pki.ca.pem(), TLS1_3_VERSION, "", {}});
  const std::string flood = flooding.make_key_updates(1'000'000);
  constexpr std::size_t taken_at_once = 1u << 20;
  flooding.send_raw(flood.substr(0, taken_at_once));
  std::thread sender([&] {
    try {
      flooding.send_raw(flood.substr(taken_at_once));
    } catch (const std::runtime_error&) {  // the listener stopped
    }
  });
  const auto began = std::chrono::steady_clock::now();
  connected(server, {pki.ca.pem(), 0, "", {}});
  const bool in_time = std::chrono::steady_clock::now() - began < std::chrono::seconds(5);
  BOOST_TEST(in_time);
  server.listener.stop(std::chrono::milliseconds(0));
  sender.join();
}

BOOST_AUTO_TEST_SUITE_END()
