// A name that is public when the webhook is registered and leads elsewhere when it is connected to (D6).
#include "api/host_check.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "api/exchange.hpp"
#include "engine/engine.hpp"
#include "transport/transport.hpp"

using boost::unit_test::label;
using namespace mock;

namespace {

class OneName final : public transport::NameLookup {
 public:
  explicit OneName(boost::asio::io_context& io) : io_(io) {}
  std::string address = "93.184.216.34";

  std::unique_ptr<transport::PendingLookup> resolve(const std::string&, Done done) override {
    transport::LookupResult result;
    result.addresses = {boost::asio::ip::make_address(address)};
    boost::asio::post(io_, [done = std::move(done), result] { done(result); });
    return std::make_unique<transport::PendingLookup>();
  }

 private:
  boost::asio::io_context& io_;
};

struct Nobody final : delivery::Journal {
  void delivery_changed(std::size_t, const delivery::Delivery&) override {}
  void webhook_changed(const delivery::WebhookId&) override {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rebinding)

BOOST_AUTO_TEST_CASE(name_is_judged_at_registration_and_again_on_the_address_connected_to, *label("D6")) {
  std::unique_ptr<OneName> name;
  Nobody nobody;
  engine::Engine engine(
      {},
      [&](boost::asio::io_context& io) {
        name = std::make_unique<OneName>(io);
        return std::make_unique<transport::HttpTransport>(io, *name, transport::TransportOptions{});
      },
      [&](const delivery::Clock&) -> delivery::Journal& { return nobody; });
  api::HostCheck hosts(engine, *name, {});
  const auto url = transport::WebhookUrl::parse("https://rebinding.example/hook", {}).value();
  BOOST_CHECK_NO_THROW(hosts.require_allowed(url));

  int sent = 0;
  for (const std::string address :
       {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:127.0.0.1",
        "fd00::1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "198.18.0.1"}) {
    const auto id = "delivery " + std::to_string(sent++);
    engine.call([&] {
      name->address = address;
      if (sent == 1) engine.sender().add_webhook("webhook", url.text());
      engine.sender().enqueue({id, "webhook", "event.created", {}, std::make_shared<const std::string>("{}"), {}});
    });
    BOOST_REQUIRE(engine.wait_idle(std::chrono::seconds{30}));
    engine.call([&] {
      const auto attempt = engine.sender().find(id)->attempts.at(0);
      BOOST_TEST(delivery::to_text(*attempt.outcome) == "refused_address", address << ": " << attempt.detail);
      BOOST_TEST(attempt.detail.find("is not a public address") != std::string::npos, attempt.detail);
      BOOST_TEST(!attempt.phases.connect.has_value());
    });
    BOOST_CHECK_THROW(hosts.require_allowed(url), api::Error);
  }
  engine.stop();
}

BOOST_AUTO_TEST_SUITE_END()
