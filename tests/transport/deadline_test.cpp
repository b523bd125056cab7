// Five seconds for everything: whatever the phase, whatever else goes on (D4).
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include "contract/values.hpp"
#include "loop.hpp"

namespace utf = boost::unit_test;
namespace contract = mock::contract;
using mock::delivery::AttemptResult;
using mock::delivery::Outcome;
using mock::delivery::to_text;
using transport_test::Loop;
using namespace test_support;
using namespace std::chrono_literals;

namespace {

const std::string ok_head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";

/// A UDP socket that takes every question and answers none.
class SilentNameServer {
 public:
  explicit SilentNameServer(boost::asio::io_context& io) : socket_(io, {boost::asio::ip::address_v4::loopback(), 0}) {}
  mock::transport::DnsServer server() const {
    return {socket_.local_endpoint().address(), socket_.local_endpoint().port()};
  }

 private:
  boost::asio::ip::udp::socket socket_;
};

/// Leads every name to this machine, after a while.
class SlowLookup : public mock::transport::NameLookup {
 public:
  SlowLookup(boost::asio::io_context& io, std::chrono::milliseconds delay) : io_(io), delay_(delay) {}

  std::unique_ptr<mock::transport::PendingLookup> resolve(const std::string&, Done done) override {
    auto pending = std::make_unique<Pending>(io_);
    pending->timer.expires_after(delay_);
    pending->timer.async_wait([done = std::move(done)](boost::system::error_code error) {
      if (!error) done({{boost::asio::ip::address_v4::loopback()}, {}});
    });
    return pending;
  }

 private:
  struct Pending : mock::transport::PendingLookup {
    explicit Pending(boost::asio::io_context& io) : timer(io) {}
    boost::asio::steady_timer timer;
  };

  boost::asio::io_context& io_;
  std::chrono::milliseconds delay_;
};

void check_timeout(const char* name, const AttemptResult& result, const char* detail) {
  BOOST_TEST_CONTEXT(name << ": " << result.detail) {
    BOOST_TEST(to_text(result.outcome) == to_text(Outcome::timeout));
    BOOST_TEST(result.detail.find(detail) != std::string::npos);
    BOOST_CHECK(result.took >= contract::answer_within);
    BOOST_CHECK(result.took < contract::answer_within + 2s);  // how late a busy machine may notice
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deadline)

BOOST_AUTO_TEST_CASE(holds_in_every_phase, *utf::label("D4")) {
  struct Row {
    const char* name;
    Script script;
    bool tls;
    const char* detail;
  };
  const std::vector<Row> rows{
      {"silent after accept", {stall()}, false, "TLS handshake"},
      {"silent after the request", {read_request(), stall()}, true, "waiting for the response"},
      {"request not read", {stall()}, true, ""},
      {"trickled head", {read_request(), trickle(ok_head, 200ms)}, true, "response head"},
      {"trickled body", {read_request(), write(ok_head), trickle(std::string(100, 'x'), 100ms)}, true, "status 200"},
      {"endless body",
       {read_request(), write("HTTP/1.0 200 OK\r\n\r\n"), repeat(std::string(4096, 'x'))},
       true,
       "body"},
      {"endless interim", {read_request(), repeat("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n")}, true, "head"},
      {"no end", {read_request(), write("HTTP/1.1 200 OK\r\n\r\n"), stall()}, true, "status 200"},
  };
  Loop loop;
  for (const auto& row : rows) {
    RawServerOptions options;
    if (row.tls) options.certificate = transport_test::good_leaf();
    loop.post(Loop::url_of(loop.serve(row.script, options)));
  }
  const auto results = loop.run();
  for (std::size_t i = 0; i < rows.size(); ++i) check_timeout(rows[i].name, results[i], rows[i].detail);
  for (const auto i : {4u, 5u, 7u}) BOOST_TEST(results[i].status.value_or(0) == 200);
}

BOOST_AUTO_TEST_CASE(counts_the_name_look_up_and_hurts_nobody_else, *utf::label("D4") * utf::label("D5")) {
  Loop loop;
  const SilentNameServer silent(loop.io);
  const auto lookup = mock::transport::make_cares_lookup(loop.io, silent.server());
  mock::transport::HttpTransport transport(loop.io, *lookup, {transport_test::local_policy(), {loop.ca_file()}});
  const auto& server = loop.serve(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  const auto body = std::make_shared<const std::string>("{}");
  std::vector<AttemptResult> hung, healthy;
  for (int i = 0; i < 20; ++i) {
    transport.post({"https://hung" + std::to_string(i) + ".example/hook", body},
                   [&](AttemptResult result) { hung.push_back(std::move(result)); });
  }
  transport.post({Loop::url_of(server, "localhost"), body},
                 [&](AttemptResult result) { healthy.push_back(std::move(result)); });
  while (healthy.empty()) loop.io.run_one();
  BOOST_TEST_CONTEXT(healthy[0].detail) BOOST_TEST(to_text(healthy[0].outcome) == to_text(Outcome::ok));
  BOOST_TEST(hung.empty());  // the healthy one waited for none of them
  while (hung.size() < 20) loop.io.run_one();
  for (const auto& result : hung) {
    check_timeout("hung name", result, "looking up 'hung");
    BOOST_TEST(!result.connected);
    BOOST_TEST(result.phases.dns.has_value());
    BOOST_TEST(!result.phases.connect.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_slow_look_up_leaves_less_for_the_answer, *utf::label("D4")) {
  Loop loop;
  SlowLookup lookup(loop.io, 3s);
  mock::transport::HttpTransport transport(loop.io, lookup, {transport_test::local_policy(), {loop.ca_file()}});
  const auto& server =
      loop.serve({read_request(), write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"), trickle("x", 3s)});
  std::optional<AttemptResult> result;
  transport.post({Loop::url_of(server, "localhost"), std::make_shared<const std::string>("{}")},
                 [&](AttemptResult ended) { result = std::move(ended); });
  while (!result) loop.io.run_one();
  check_timeout("slow name", *result, "status 200");
}

// What was not sent for want of an open file is no timeout of the consumer's, however late that is known. Not in a
// sanitized build, which needs descriptors of its own.
BOOST_AUTO_TEST_CASE(does_not_hold_for_what_could_not_be_sent,
                     *utf::label("D4") * utf::label("G5") * utf::label("unsanitized")) {
  Loop loop;
  SlowLookup lookup(loop.io, 4500ms);
  mock::transport::HttpTransport transport(loop.io, lookup, {transport_test::local_policy(), {loop.ca_file()}});
  std::optional<AttemptResult> result;
  transport.post({"https://localhost:1/hook", std::make_shared<const std::string>("{}")},
                 [&](AttemptResult ended) { result = std::move(ended); });
  std::vector<int> taken;
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) taken.push_back(fd);
  while (!result) loop.io.run_one();
  for (const int fd : taken) ::close(fd);
  BOOST_TEST_CONTEXT(result->detail) BOOST_TEST(to_text(result->outcome) == "interrupted");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_handled_too_late_is_late, *utf::label("D4")) {
  auto policy = transport_test::local_policy();
  policy.allow_http = true;
  Loop loop(policy);
  boost::asio::io_context elsewhere;  // the consumer answers at once, but nobody here looks at it for 5 s
  RawServer server(elsewhere, answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  loop.post("http://127.0.0.1:" + std::to_string(server.port()) + "/hook");
  const auto posted = std::chrono::steady_clock::now();
  while (server.requests().empty()) {
    loop.io.poll();
    elsewhere.poll();
  }
  elsewhere.run_until(posted + contract::answer_within);
  check_timeout("handled late", loop.run().at(0), "5 s");
}

BOOST_AUTO_TEST_CASE(a_hung_look_up_keeps_no_loop_from_ending, *utf::label("D4")) {
  boost::asio::io_context io;
  const SilentNameServer silent(io);
  const auto lookup = mock::transport::make_cares_lookup(io, silent.server());
  bool called = false;
  auto pending = lookup->resolve("hung.example", [&](const mock::transport::LookupResult&) { called = true; });
  io.poll();
  pending.reset();
  const auto before = std::chrono::steady_clock::now();
  io.run();
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 1s);
  BOOST_TEST(!called);
}

BOOST_AUTO_TEST_SUITE_END()
