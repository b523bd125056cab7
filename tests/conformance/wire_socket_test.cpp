#include "conformance/wire_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

using namespace mock::conformance;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

// Somebody wants the run to end the nth time that it is asked.
struct ImpatientLoop : Loop {
  explicit ImpatientLoop(int after) : left(after) {}
  mock::delivery::Duration now() const override { return {}; }
  bool run_until(const std::function<bool()>&, mock::delivery::Duration) override { return false; }
  mock::delivery::Duration take_lag() override { return {}; }
  bool interrupted() const override { return --left < 0; }
  mutable int left;
};

// Accepts connections, in the system's queue, and never says anything.
struct SilentServer {
  boost::asio::io_context io;
  tcp::acceptor acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(wire_socket)

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_wait_before_its_deadline) {
  SilentServer server;
  const ImpatientLoop loop(4);
  WireSocket socket(loop);
  const auto deadline = std::chrono::steady_clock::now() + 50s;
  const auto endpoint = server.acceptor.local_endpoint();
  BOOST_REQUIRE(socket.connect(endpoint.address(), endpoint.port(), deadline));
  std::string bytes;
  BOOST_TEST((socket.read(bytes, deadline) == WireSocket::Read::failed));
  BOOST_TEST(socket.interrupted());
  BOOST_CHECK(std::chrono::steady_clock::now() < deadline - 30s);
}

BOOST_AUTO_TEST_CASE(a_wait_without_interrupt_lasts_to_its_deadline) {
  SilentServer server;
  const ImpatientLoop loop(1'000'000);
  WireSocket socket(loop);
  const auto deadline = std::chrono::steady_clock::now() + 200ms;
  const auto endpoint = server.acceptor.local_endpoint();
  BOOST_REQUIRE(socket.connect(endpoint.address(), endpoint.port(), deadline));
  std::string bytes;
  BOOST_TEST((socket.read(bytes, deadline) == WireSocket::Read::late));
  BOOST_CHECK(std::chrono::steady_clock::now() >= deadline);
}

BOOST_AUTO_TEST_SUITE_END()
