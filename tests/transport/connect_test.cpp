// From a name to one connection: which addresses are allowed, which one is taken (D5, D6).
#include "transport/connector.hpp"

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include "loop.hpp"

namespace utf = boost::unit_test;
using mock::delivery::AttemptResult;
using mock::delivery::Outcome;
using mock::delivery::to_text;
using transport_test::Loop;
using namespace test_support;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A port on which nobody listens.
std::uint16_t closed_port(boost::asio::io_context& io) {
  const boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  return taken.local_endpoint().port();
}

void check(const AttemptResult& result, Outcome outcome, const std::string& detail) {
  BOOST_TEST(to_text(result.outcome) == to_text(outcome));
  BOOST_TEST_CONTEXT(result.detail) BOOST_TEST(result.detail.find(detail) != std::string::npos);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connecting)

BOOST_AUTO_TEST_CASE(a_refused_connection_names_the_address, *utf::label("D5")) {
  Loop loop;
  const auto port = std::to_string(closed_port(loop.io));
  const auto result = loop.push("https://127.0.0.1:" + port + "/hook/secret");
  check(result, Outcome::unreachable, "connection refused by 127.0.0.1:" + port);
  BOOST_TEST(!result.connected);
  BOOST_TEST(!result.phases.tls.has_value());
}

// Not in a sanitized build: the undefined behaviour sanitizer looks at memory through a pipe, and without a descriptor
// for it takes sound objects for broken ones.
BOOST_AUTO_TEST_CASE(a_shortage_of_open_files_is_not_held_against_the_consumer,
                     *utf::label("X2") * utf::label("G5") * utf::label("unsanitized")) {
  Loop loop;
  const auto& server = loop.serve(answering(ok));
  loop.post(Loop::url_of(server));
  std::vector<int> taken;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) taken.push_back(fd);
  const auto result = loop.run().at(0);
  for (const int fd : taken) ::close(fd);
  check(result, Outcome::interrupted, "not sent");
  BOOST_TEST(!result.connected);
  BOOST_TEST(server.connections() == 0U);
}

// What a look-up without files tells is not true, and by the time that it tells there may be files again.
BOOST_AUTO_TEST_CASE(no_name_is_looked_up_without_open_files,
                     *utf::label("X2") * utf::label("G5") * utf::label("unsanitized")) {
  Loop loop;
  std::vector<int> taken;
  const auto give_back = [&] {
    for (const int fd : std::exchange(taken, {})) ::close(fd);
  };
  loop.names.when_asked = give_back;
  loop.post("https://nobody.test/hook/secret");
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) taken.push_back(fd);
  const auto result = loop.run().at(0);
  give_back();
  check(result, Outcome::interrupted, "not sent");
}

BOOST_AUTO_TEST_CASE(the_next_address_is_tried_when_the_first_refuses, *utf::label("D5")) {
  Loop loop;
  loop.names.add("consumer.test", {"127.0.0.2", "127.0.0.1"});
  const auto& server = loop.serve(answering(ok));
  check(loop.push(Loop::url_of(server, "consumer.test")), Outcome::ok, "200");
  BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(the_request_goes_to_one_of_several_addresses_only, *utf::label("D1")) {
  Loop loop;
  loop.names.add("consumer.test", {"127.0.0.2", "127.0.0.1"});
  const auto& first = loop.serve(answering(ok), {.certificate = transport_test::good_leaf(), .address = "127.0.0.2"});
  const auto& second = loop.serve(answering(ok), {.certificate = transport_test::good_leaf(), .port = first.port()});
  check(loop.push(Loop::url_of(first, "consumer.test")), Outcome::ok, "200");
  BOOST_TEST(first.requests().size() == 1u);
  BOOST_TEST(second.requests().empty());
}

BOOST_AUTO_TEST_CASE(all_addresses_refusing_are_named, *utf::label("D5")) {
  Loop loop;
  loop.names.add("consumer.test", {"127.0.0.2", "127.0.0.1"});
  const auto port = std::to_string(closed_port(loop.io));
  check(loop.push("https://consumer.test:" + port + "/"), Outcome::unreachable,
        "connection refused by 127.0.0.2:" + port + ", connection refused by 127.0.0.1:" + port);
}

BOOST_AUTO_TEST_CASE(one_refused_address_among_the_answers_refuses_them_all, *utf::label("D6")) {
  Loop loop;
  const auto& server = loop.serve(answering(ok));
  loop.names.add("rebind.test", {"127.0.0.1", "10.0.0.7"});
  const auto result = loop.push(Loop::url_of(server, "rebind.test"));
  check(result, Outcome::refused_address,
        "rebind.test leads to an address that is refused: 10.0.0.7 is not a public address (private");
  BOOST_TEST(!result.connected);
  BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_to_loopback_is_refused_by_default, *utf::label("D6")) {
  Loop loop(mock::transport::UrlPolicy{});
  const auto& server = loop.serve(answering(ok));
  loop.names.add("sneaky.test", {"::ffff:127.0.0.1"});
  loop.names.add("plain.test", {"127.0.0.1"});
  check(loop.push(Loop::url_of(server, "sneaky.test")), Outcome::refused_address, "IPv4-mapped");
  check(loop.push(Loop::url_of(server, "plain.test")), Outcome::refused_address, "loopback");
  check(loop.push(Loop::url_of(server)), Outcome::refused_address, "--allow-local");
  BOOST_TEST(server.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(families_take_turns_from_the_first_on, *utf::label("D5")) {
  std::vector<mock::transport::Tcp::endpoint> endpoints;
  for (const char* text : {"::1", "::2", "::3", "127.0.0.1", "127.0.0.2"}) {
    endpoints.emplace_back(boost::asio::ip::make_address(text), 1);
  }
  std::string order;
  for (const auto& endpoint : mock::transport::interleave(endpoints)) order += mock::transport::text_of(endpoint) + " ";
  BOOST_TEST(order == "[::1]:1 127.0.0.1:1 [::2]:1 127.0.0.2:1 [::3]:1 ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(names)

/// Answers each question once: A with `addresses` (IPv4), AAAA with none; no address at all is "not found".
class NameServer {
 public:
  NameServer(boost::asio::io_context& io, std::vector<std::string> addresses)
      : socket_(io, {boost::asio::ip::address_v4::loopback(), 0}), addresses_(std::move(addresses)) {
    receive();
  }
  mock::transport::DnsServer server() const {
    return {socket_.local_endpoint().address(), socket_.local_endpoint().port()};
  }

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(question_), peer_, [this](auto error, std::size_t size) {
      if (error) return;
      const auto answer = answer_to(std::string(question_.data(), size));
      socket_.send_to(boost::asio::buffer(answer), peer_);
      receive();
    });
  }

  // RFC 1035: the header with the counts changed, the question as it came, one record per address.
  std::string answer_to(std::string question) const {
    const auto end = question.find('\0', 12) + 5;
    const bool wants_v4 = question[end - 3] == 1;
    std::string answer =
        question.substr(0, 2) + std::string{'\x81', static_cast<char>(addresses_.empty() ? 0x83 : 0x80)};
    const auto count = static_cast<char>(wants_v4 ? addresses_.size() : 0);
    answer += std::string{'\0', '\1', '\0', count, '\0', '\0', '\0', '\0'} + question.substr(12, end - 12);
    for (char i = 0; i < count; ++i) {
      answer += std::string{'\xC0', '\x0C', '\0', '\1', '\0', '\1', '\0', '\0', '\0', '\x3C', '\0', '\4'};
      for (const auto byte : boost::asio::ip::make_address_v4(addresses_[static_cast<std::size_t>(i)]).to_bytes()) {
        answer += static_cast<char>(byte);
      }
    }
    return answer;
  }

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint peer_;
  std::array<char, 512> question_{};
  std::vector<std::string> addresses_;
};

mock::transport::LookupResult look_up(const std::string& host, std::vector<std::string> addresses) {
  boost::asio::io_context io;
  const NameServer server(io, std::move(addresses));
  const auto lookup = mock::transport::make_cares_lookup(io, server.server());
  std::optional<mock::transport::LookupResult> result;
  const auto pending = lookup->resolve(host, [&](auto found) { result = std::move(found); });
  while (!result) io.run_one();
  return *result;
}

std::string join(const mock::transport::LookupResult& result) {
  std::string text = result.error;
  for (const auto& address : result.addresses) text += address.to_string() + " ";
  return text;
}

BOOST_AUTO_TEST_CASE(are_asked_of_the_server_that_was_named, *utf::label("D5")) {
  const auto found = look_up("consumer.example", {"203.0.113.1", "203.0.113.2"});
  BOOST_TEST(found.error == "");
  BOOST_TEST(found.addresses.size() == 2u);
  BOOST_TEST(join(found).find("203.0.113.2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(that_do_not_exist_are_unreachable, *utf::label("D5")) {
  BOOST_TEST(join(look_up("missing.example", {})) == "name 'missing.example' not found");
  Loop loop;
  const auto result = loop.push("https://missing.example/hook/secret");
  check(result, Outcome::unreachable, "name 'missing.example' not found");
  BOOST_TEST(!result.connected);
}

BOOST_AUTO_TEST_CASE(under_localhost_are_loopback_without_asking, *utf::label("D6")) {
  BOOST_TEST(join(look_up("localhost", {"203.0.113.1"})) == "127.0.0.1 ::1 ");
  BOOST_TEST(join(look_up("app.localhost", {"203.0.113.1"})) == "127.0.0.1 ::1 ");
}

BOOST_AUTO_TEST_CASE(of_an_unreachable_server_are_an_error_not_a_wait, *utf::label("D5")) {
  boost::asio::io_context io;
  mock::transport::DnsServer nobody{boost::asio::ip::address_v4::loopback(), 0};
  {
    const boost::asio::ip::udp::socket taken(io, {nobody.address, 0});
    nobody.port = taken.local_endpoint().port();
  }
  const auto lookup = mock::transport::make_cares_lookup(io, nobody);
  std::optional<mock::transport::LookupResult> result;
  const auto pending = lookup->resolve("consumer.example", [&](auto found) { result = std::move(found); });
  while (!result) io.run_one();
  BOOST_TEST_CONTEXT(result->error) BOOST_TEST(result->error.find("could not be looked up") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(servers_are_given_as_address_and_port, *utf::label("D5")) {
  using mock::transport::DnsServer;
  BOOST_TEST(DnsServer::parse("127.0.0.1:5353").value().port == 5353);
  BOOST_TEST(DnsServer::parse("127.0.0.1").value().port == 53);
  BOOST_TEST(DnsServer::parse("[::1]:5353").value().address.to_string() == "::1");
  for (const char* bad : {"", "localhost:53", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:5x", "::1",
                          "[::1", "[127.0.0.1]:53", "[::1]53"}) {
    BOOST_TEST_CONTEXT(bad) BOOST_TEST(DnsServer::parse(bad).has_error());
  }
}

BOOST_AUTO_TEST_SUITE_END()
