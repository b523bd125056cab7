// A dead consumer and a hung name look-up, with 10,000 deliveries each, beside a healthy webhook: over real sockets and
// on the real clock. `engine_concurrency_test -l message` prints the figure that docs/benchmarks.md shows.
#include "engine/engine.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "support/raw_server.hpp"
#include "transport/transport.hpp"

namespace utf = boost::unit_test;
using namespace mock;
using namespace std::chrono_literals;

namespace {

constexpr int pending_each = 10'000;
constexpr int healthy_pushes = 100;

/// No name is ever answered.
class HungLookup final : public transport::NameLookup {
 public:
  std::unique_ptr<transport::PendingLookup> resolve(const std::string&, Done) override {
    return std::make_unique<transport::PendingLookup>();
  }
};

/// Keeps how long the healthy webhook's deliveries took from their creation to their success.
class Delays final : public delivery::Journal {
 public:
  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override {
    if (delivery.webhook_id != "healthy" || delivery.state != delivery::State::delivered) return;
    delays.push_back(*delivery.attempts.back().ended_at - delivery.created_at);
    if (delays.size() == healthy_pushes) all.set_value();
  }
  void webhook_changed(const delivery::WebhookId&) override {}

  std::vector<delivery::Duration> delays;
  std::promise<void> all;
};

struct Setting {
  HungLookup names;
  Delays journal;
  std::unique_ptr<test_support::RawServer> dead, healthy;
  engine::Engine engine{{},
                        [this](boost::asio::io_context& io) { return make_transport(io); },
                        [this](const delivery::Clock&) -> delivery::Journal& { return journal; }};

  ~Setting() {
    engine.stop();
    dead.reset();
    healthy.reset();
  }

  std::unique_ptr<delivery::Transport> make_transport(boost::asio::io_context& io) {
    dead = std::make_unique<test_support::RawServer>(io, test_support::Script{test_support::stall()});
    healthy = std::make_unique<test_support::RawServer>(
        io, test_support::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    transport::UrlPolicy policy;
    policy.allow_http = policy.allow_local = true;
    return std::make_unique<transport::HttpTransport>(io, names, transport::TransportOptions{policy, {}});
  }

  void enqueue(const std::string& webhook, int count) {
    static const auto body = std::make_shared<const std::string>(R"({"event":"event.created","data":{}})");
    for (int i = 0; i < count; ++i)
      engine.sender().enqueue({webhook + std::to_string(i), webhook, "event.created", {}, body, {}});
  }
};

std::string url_of(const test_support::RawServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + "/hook";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(concurrency)

BOOST_AUTO_TEST_CASE(ten_thousand_to_a_dead_host_and_to_a_hung_name_do_not_delay_a_healthy_webhook,
                     *utf::label("D8") * utf::label("G4")) {
  Setting on;
  auto done = on.journal.all.get_future();
  on.engine.call([&] {
    auto& sender = on.engine.sender();
    sender.add_webhook("dead", url_of(*on.dead));
    sender.add_webhook("hung", "http://hung.example/hook");
    sender.add_webhook("healthy", url_of(*on.healthy));
    on.enqueue("dead", pending_each);
    on.enqueue("hung", pending_each);
  });
  on.engine.call([&] { on.enqueue("healthy", healthy_pushes); });
  // All of them, ten at a time, before even the first attempts to the others have timed out.
  BOOST_REQUIRE(done.wait_for(30s) == std::future_status::ready);
  on.engine.call([&] {
    BOOST_TEST(on.engine.sender().in_flight() <= 20U);
    auto& delays = on.journal.delays;
    std::sort(delays.begin(), delays.end());
    BOOST_TEST_MESSAGE("delay of " << delays.size() << " pushes to the healthy webhook: median "
                                   << delays[delays.size() / 2].count() << " us, longest " << delays.back().count()
                                   << " us");
    BOOST_CHECK(delays.back() < 5s);
  });
}

BOOST_AUTO_TEST_SUITE_END()
