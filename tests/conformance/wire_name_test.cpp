// A name that cannot be looked up, as the wire client sees it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/asio_loop.hpp"
#include "conformance/probe.hpp"
#include "conformance/wire_client.hpp"
#include "transport/name_lookup.hpp"

namespace utf = boost::unit_test;
using namespace mock::conformance;
namespace transport = mock::transport;

namespace {

struct NoNames final : transport::NameLookup {
  explicit NoNames(boost::asio::io_context& loop) : io(loop) {}
  std::unique_ptr<transport::PendingLookup> resolve(const std::string&, Done done) override {
    boost::asio::post(io, [done = std::move(done)] { done({{}, "name 'consumer.example' not found"}); });
    return std::make_unique<transport::PendingLookup>();
  }
  boost::asio::io_context& io;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(wire_name)

BOOST_AUTO_TEST_CASE(a_failed_look_up_is_told_and_not_held_against_the_consumer, *utf::label("D5")) {
  boost::asio::io_context io;
  NoNames names(io);
  AsioLoop loop(io);
  WireClient wire("https://consumer.example/hook/secret", names, loop, {});
  const auto session = wire.exchange(std::vector<WireRequest>(1), TlsVersion::any, false);
  BOOST_TEST_REQUIRE(session.answers.size() == 1u);
  const auto& answer = session.answers.front();
  BOOST_TEST(answer.detail == "name 'consumer.example' not found");
  BOOST_TEST(found_no_name(answer));
}

BOOST_AUTO_TEST_SUITE_END()
