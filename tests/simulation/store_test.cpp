#include "simulation/store.hpp"

#include <boost/test/unit_test.hpp>

#include "delivery/virtual_time.hpp"

using namespace mock::simulation;
using namespace mock::delivery;

namespace {

class SilentTransport final : public Transport {
  void post(Push, Done) override {}
};

struct Stage {
  Timeline timeline;
  History history;
  Store store{timeline, history};
  VirtualClock clock{Instant{}};
  SilentTransport transport;
  Sender sender{contract_defaults(), clock, transport, store};

  Stage() {
    store.attach(sender, clock);
    store.registered({"w1", "org", "https://c.example/", "https://c.example/", {"event.created"}, false});
    sender.add_webhook("w1", "https://c.example/");
    store.seal();
    store.sync();
  }

  void push(const DeliveryId& id) {
    const auto change = store.fired("org", "event.created");
    sender.enqueue(
        {id, "w1", "event.created", {}, std::make_shared<const std::string>(body_of(change, "event.created")), {}});
    store.seal();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(what_was_synced_survives_a_crash_and_the_rest_is_gone) {
  Stage stage;
  stage.push("a");
  stage.store.sync();
  stage.push("b");
  BOOST_TEST(stage.store.unsynced() == 1u);
  stage.store.crash(0);
  BOOST_REQUIRE_EQUAL(stage.store.image().deliveries.size(), 1u);
  BOOST_TEST(stage.store.image().deliveries[0].id == "a");
  BOOST_TEST(stage.history.deliveries.size() == 1u);
  BOOST_TEST((stage.history.entries.back().kind == Entry::Kind::crashed));
}

BOOST_AUTO_TEST_CASE(with_luck_some_of_the_rest_is_kept_in_order) {
  Stage stage;
  for (const auto* id : {"a", "b", "c"}) stage.push(id);
  stage.store.crash(2);
  BOOST_REQUIRE_EQUAL(stage.store.image().deliveries.size(), 2u);
  BOOST_TEST(stage.store.image().deliveries[1].id == "b");
}

BOOST_AUTO_TEST_CASE(a_crash_comes_at_the_opportunity_asked_for) {
  Stage stage;
  stage.store.crash_at_opportunity(2);
  stage.push("a");
  BOOST_CHECK_THROW(stage.push("b"), Crash);
}

BOOST_AUTO_TEST_SUITE_END()
