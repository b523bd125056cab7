// The disk fills while the engine runs: changes are refused, nothing is sent that is not recorded, and all goes on when
// there is space again.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <random>
#include <thread>

#include "engine/engine.hpp"
#include "store/keeper.hpp"
#include "store/sqlite_store.hpp"
#include "support/forgetful_disk.hpp"

using boost::unit_test::label;
using namespace mock;

namespace {

class CountingTransport final : public delivery::Transport {
 public:
  CountingTransport(boost::asio::io_context& io, std::atomic<int>& sent) : io_(io), sent_(sent) {}
  void post(delivery::Push, Done done) override {
    ++sent_;
    delivery::AttemptResult result;
    result.outcome = delivery::Outcome::ok;
    boost::asio::post(io_, [done = std::move(done), result] { done(result); });
  }

 private:
  boost::asio::io_context& io_;
  std::atomic<int>& sent_;
};

// An engine with its keeper on a disk that can be filled. Members are destroyed from last to first.
struct Running {
  test_support::ForgetfulDisk disk{"full-disk"};
  std::unique_ptr<store::Store> store = store::open_sqlite("s.db", {.vfs = "full-disk"});
  store::Keeper keeper{*store};
  std::mt19937_64 random{1};
  world::World world{random};
  registry::Registry registry;
  std::atomic<int> sent = 0;
  engine::Engine engine;

  Running()
      : engine(
            options(), [&](boost::asio::io_context& io) { return std::make_unique<CountingTransport>(io, sent); },
            [&](const delivery::Clock&) -> delivery::Journal& { return keeper; }) {
    engine.call([&] {
      keeper.attach({engine.clock(), engine.sender(), world, registry, false});
      world.report_to(keeper);
      registry.add({"w", "o", "https://a.example/", "https://a.example/", {"offer.updated"}, false});
      engine.sender().add_webhook("w", "https://a.example/");
    });
  }

  engine::EngineOptions options() {
    engine::EngineOptions chosen;
    chosen.keeping = &keeper;
    return chosen;
  }

  void push(const std::string& id) {
    engine.call([&] {
      engine.sender().enqueue(
          {id, "w", "offer.updated", std::nullopt, std::make_shared<const std::string>(20'000, 'x'), std::nullopt});
    });
  }

  delivery::State state_of(const std::string& id) {
    return engine.call([&] { return engine.sender().find(id)->state; });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(full_disk)

BOOST_AUTO_TEST_CASE(a_change_that_cannot_be_kept_is_told_and_its_attempt_is_not_sent, *label("G5")) {
  Running mock;
  mock.disk.set_full(true);
  BOOST_CHECK_EXCEPTION(mock.push("d"), engine::NotKept, [](const engine::NotKept& error) {
    return std::string{error.what()}.find("s.db") != std::string::npos;
  });
  BOOST_CHECK_THROW(mock.engine.require_keeping(), engine::NotKept);
  BOOST_TEST((mock.state_of("d") == delivery::State::pending));  // what changes nothing is answered
  BOOST_TEST(mock.sent == 0);
}

BOOST_AUTO_TEST_CASE(with_space_again_everything_goes_on, *label("R3")) {
  Running mock;
  mock.disk.set_full(true);
  BOOST_CHECK_THROW(mock.push("d"), engine::NotKept);
  mock.disk.set_full(false);
  BOOST_TEST_REQUIRE(mock.engine.wait_idle(std::chrono::seconds{30}));
  BOOST_TEST(mock.sent == 1);
  BOOST_TEST((mock.state_of("d") == delivery::State::delivered));
  BOOST_CHECK_NO_THROW(mock.engine.require_keeping());
  BOOST_CHECK_NO_THROW(mock.push("e"));
}

BOOST_AUTO_TEST_SUITE_END()
