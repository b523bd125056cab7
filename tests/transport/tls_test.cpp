// Whom the sender trusts, and what it says of those whom it does not (D7, D5).
#include <string>

#include <boost/test/unit_test.hpp>

#include "loop.hpp"

namespace utf = boost::unit_test;
using mock::delivery::AttemptResult;
using mock::delivery::Outcome;
using mock::delivery::to_text;
using transport_test::authority;
using transport_test::Loop;
using namespace test_support;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

AttemptResult push_to(const RawServerOptions& options, const std::string& host = "127.0.0.1") {
  Loop loop;
  loop.names.add(host, {"127.0.0.1"});
  const auto& server = loop.serve(answering(ok), options);
  auto result = loop.push(Loop::url_of(server, host));
  BOOST_TEST(server.requests().size() == (result.outcome == Outcome::ok ? 1u : 0u));
  return result;
}

void check_refused(const AttemptResult& result, const std::string& detail) {
  BOOST_TEST(to_text(result.outcome) == to_text(Outcome::tls_error));
  BOOST_TEST_CONTEXT(result.detail) BOOST_TEST(result.detail.find(detail) != std::string::npos);
  BOOST_TEST(result.connected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_certificate_for_the_host_from_a_trusted_root_is_accepted, *utf::label("D7")) {
  BOOST_TEST(to_text(push_to({.certificate = transport_test::good_leaf()}).outcome) == "ok");
  BOOST_TEST(to_text(push_to({.certificate = transport_test::good_leaf()}, "consumer.test").outcome) == "ok");
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_named_with_its_date, *utf::label("D7")) {
  const auto leaf = authority().issue({.valid_from = -std::chrono::hours(48), .valid_until = -std::chrono::hours(24)});
  check_refused(push_to({.certificate = leaf}), "certificate has expired (notAfter 20");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_the_future_is_named_with_its_date, *utf::label("D7")) {
  const auto leaf = authority().issue({.valid_from = std::chrono::hours(24), .valid_until = std::chrono::hours(48)});
  check_refused(push_to({.certificate = leaf}), "certificate is not yet valid (notBefore 20");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_named_with_its_names, *utf::label("D7")) {
  const auto leaf = authority().issue({.dns_names = {"other.test", "third.test"}, .ip_addresses = {"127.0.0.9"}});
  check_refused(push_to({.certificate = leaf}, "consumer.test"),
                "certificate is not for consumer.test (it is for other.test, third.test, 127.0.0.9)");
  check_refused(push_to({.certificate = leaf}), "certificate is not for 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_refused, *utf::label("D7")) {
  check_refused(push_to({.certificate = self_signed_certificate()}), "self-signed");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused, *utf::label("D7")) {
  const CertificateAuthority stranger;
  check_refused(push_to({.certificate = stranger.issue()}), "does not chain to a trusted root");
}

BOOST_AUTO_TEST_CASE(named_roots_replace_those_of_the_system, *utf::label("D7")) {
  boost::asio::io_context io;
  transport_test::TableLookup names(io);
  const TempFolder folder;
  const auto text = write_pem(folder.file("not.pem"), "no certificate");
  for (const auto& file : {text, folder.file("missing.pem")}) {
    BOOST_CHECK_EXCEPTION(mock::transport::HttpTransport(io, names, {{}, {file}}), std::invalid_argument,
                          [&](const auto& error) { return std::string(error.what()).find(file) != std::string::npos; });
  }
  mock::transport::HttpTransport system_roots(io, names, {transport_test::local_policy(), {}});
  const RawServer server(io, answering(ok), {.certificate = transport_test::good_leaf()});
  std::optional<AttemptResult> result;
  system_roots.post({Loop::url_of(server), std::make_shared<const std::string>("{}")},
                    [&](AttemptResult ended) { result = std::move(ended); });
  while (!result) io.run_one();
  check_refused(*result, "does not chain to a trusted root");
}

BOOST_AUTO_TEST_CASE(versions_before_1_2_are_refused, *utf::label("D5")) {
  check_refused(push_to({.certificate = transport_test::good_leaf(), .tls10_only = true}), "TLS handshake failed");
}

BOOST_AUTO_TEST_CASE(plain_http_on_a_tls_port_is_a_tls_error, *utf::label("D5")) {
  Loop loop;
  const auto& server = loop.serve({write("HTTP/1.1 400 Bad Request\r\n\r\n"), stall()}, {});
  check_refused(loop.push(Loop::url_of(server)), "does not speak TLS");
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_before_the_session_is_a_tls_error, *utf::label("D5")) {
  Loop loop;
  check_refused(loop.push(Loop::url_of(loop.serve({drop()}, {}))), "TLS handshake");
  check_refused(loop.push(Loop::url_of(loop.serve({reset()}, {}))), "TLS handshake");
}

BOOST_AUTO_TEST_CASE(an_alert_after_the_handshake_is_a_tls_error, *utf::label("D5")) {
  const auto result = push_to({.certificate = transport_test::good_leaf(), .wants_client_certificate = true});
  check_refused(result, "after the handshake");
  BOOST_TEST(!result.status.has_value());
}

BOOST_AUTO_TEST_CASE(the_server_name_is_sent_for_names_only_and_without_trailing_dot, *utf::label("D7")) {
  Loop loop;
  loop.names.add("consumer.test", {"127.0.0.1"});
  const auto& server = loop.serve(answering(ok));
  for (const char* host : {"127.0.0.1", "consumer.test", "Consumer.Test."}) {
    BOOST_TEST(to_text(loop.push(Loop::url_of(server, host)).outcome) == "ok");
  }
  const std::vector<std::string> expected{"", "consumer.test", "consumer.test"};
  BOOST_TEST(server.server_names() == expected, boost::test_tools::per_element());
  BOOST_TEST(server.protocols().size() == 3u);
  for (const auto& list : server.protocols()) BOOST_TEST(list.substr(2) == "\x08http/1.1");
}

BOOST_AUTO_TEST_SUITE_END()
