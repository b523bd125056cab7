#include "delivery/sender.hpp"

#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace std::chrono_literals;
using test::describe;
using test::start;
using test::World;

namespace {

// A clock such as a real one: it goes on by itself, here with the transport's real time.
class GoingClock final : public Clock {
 public:
  explicit GoingClock(const test::FakeTransport& transport) : transport_(transport) {}
  Instant now() const override { return start + transport_.now(); }

 private:
  const test::FakeTransport& transport_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sender)

BOOST_AUTO_TEST_CASE(options_are_those_of_the_contract, *label("R1") * label("R2") * label("X2") * label("G4")) {
  const auto options = contract_defaults();
  BOOST_TEST((options.retry_delays == std::vector<Duration>{1min, 1h, 6h}));
  BOOST_TEST(options.disable_after == 20);
  BOOST_TEST((options.disable_span == 0s));
  BOOST_TEST(options.in_flight_per_webhook == 10u);
  BOOST_TEST((options.delays_from == mock::contract::DelaysFrom::previous_failure));
  mock::contract::Values values;
  values.disable_after = 3;
  values.disable_span = 24h;
  values.in_flight_per_webhook = 2;
  values.delays_from = mock::contract::DelaysFrom::first_failure;
  BOOST_TEST(sender_options(values).disable_after == 3);
  BOOST_TEST((sender_options(values).disable_span == 24h));
  BOOST_TEST(sender_options(values).in_flight_per_webhook == 2u);
  BOOST_TEST((sender_options(values).delays_from == mock::contract::DelaysFrom::first_failure));
}

BOOST_AUTO_TEST_CASE(options_that_would_never_send_are_refused) {
  auto none = contract_defaults();
  none.in_flight_per_webhook = 0;
  BOOST_CHECK_THROW(World{none}, std::invalid_argument);
  none = contract_defaults();
  none.in_flight_total = 0;
  BOOST_CHECK_THROW(World{none}, std::invalid_argument);
  none = contract_defaults();
  none.retry_delays = {-1s};
  BOOST_CHECK_THROW(World{none}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(unknown_and_repeated_ids_are_errors) {
  World world;
  world.run("add a | enabled 0");
  auto& sender = world.sender();
  BOOST_CHECK_THROW(sender.add_webhook("a", "https://other"), std::invalid_argument);
  world.push("d", "a");
  BOOST_CHECK_THROW(world.push("d", "a"), std::invalid_argument);
  BOOST_CHECK_THROW(world.push("e", "b"), std::out_of_range);
  BOOST_CHECK_THROW(sender.disable("b"), std::out_of_range);
  BOOST_CHECK_THROW(sender.enable("b"), std::out_of_range);
  BOOST_CHECK_THROW(sender.remove("b"), std::out_of_range);
  BOOST_CHECK_THROW(sender.webhook("b"), std::out_of_range);
  BOOST_TEST(!sender.find("e").has_value());
}

BOOST_AUTO_TEST_CASE(a_delivery_keeps_what_it_was_given) {
  World world;
  world.run("add a | enabled 0");
  const auto body = std::make_shared<const std::string>("{}");
  world.sender().enqueue({"d", "a", "invoice.created", "entity", body, "older"});
  const auto delivery = world.delivery("d");
  BOOST_TEST(delivery.event == "invoice.created");
  BOOST_TEST((delivery.entity_id == "entity"));
  BOOST_TEST((delivery.resend_of == "older"));
  BOOST_TEST(delivery.body == body);
  BOOST_TEST((delivery.created_at == start));
}

BOOST_AUTO_TEST_CASE(deliveries_are_numbered_oldest_first) {
  World world;
  world.run("add a | enabled 0");
  for (const auto* id : {"z", "m", "a"}) world.push(id, "a");
  std::string order;
  const auto& deliveries = world.sender().deliveries();
  for (std::size_t i = 0; i < deliveries.size(); ++i) order += deliveries.at(i).id;
  BOOST_TEST(order == "zma");
}

BOOST_AUTO_TEST_CASE(every_change_is_told_in_order, *label("X2") * label("X3")) {
  World world;
  world.run(R"(
    rule 1 0                 |
    add a                    | enabled 0
    answer a bad_status 0.1  |
    push d a                 | pending next 0:00:00.000
    start                    | 1 in flight
    settle                   | at 0:00:00.100
    push e a                 | dropped webhook_disabled_before
    enable a                 | enabled 0
  )");
  const std::vector<std::string> expected{
      "webhook a",
      "d pending next 0:00:00.000",
      "d pending: 1 under way 0:00:00.000",
      "d pending next 0:01:00.100: 1 bad_status 0:00:00.000 to 0:00:00.100",
      "webhook a",
      "d dropped disabled: 1 bad_status 0:00:00.000 to 0:00:00.100",
      "e dropped webhook_disabled_before",
      "webhook a",
  };
  BOOST_TEST(world.journal.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_that_changes_nothing_is_not_told, *label("X4")) {
  World world;
  world.run("add a | enabled 0");
  world.sender().enable("a");
  world.sender().disable("a");
  world.sender().disable("a");
  world.sender().remove("a");
  world.sender().remove("a");
  BOOST_TEST(world.journal.lines == (std::vector<std::string>{"webhook a", "webhook a", "webhook a"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_owner_is_woken_once_for_each_result) {
  World world;
  world.run(R"(
    add a                    | enabled 0
    bulk d 7 a               | 7 pending
    settle                   | at 0:00:00.100
  )");
  BOOST_TEST(world.woken == 7);
}

BOOST_AUTO_TEST_CASE(on_a_real_clock_pump_and_next_due_are_enough, *label("R1") * label("R2") * label("R3")) {
  test::FakeTransport transport;
  GoingClock clock{transport};
  test::RecordingJournal journal;
  bool woken = false;
  transport.set_script([](const Push&, int nth) {
    return test::Answer{nth < 3 ? Outcome::bad_status : Outcome::ok, 200ms};
  });
  Sender sender{contract_defaults(), clock, transport, journal, [&] { woken = true; }};
  sender.add_webhook("a", "https://a");
  sender.enqueue({"d", "a", "event.created", {}, std::make_shared<const std::string>("{}"), {}});
  BOOST_TEST(!sender.quiet_until(clock.now()));
  for (;;) {
    sender.pump();
    if (sender.find("d")->state != State::pending) break;
    woken = false;
    if (sender.in_flight() > 0) {
      BOOST_TEST(!sender.quiet_until(clock.now()));
      transport.run_until(transport.next_completion().value());
      BOOST_TEST(woken);
    } else {
      BOOST_TEST(sender.quiet_until(*sender.next_due() - Duration{1}));
      transport.run_until(*sender.next_due() - start);
    }
  }
  BOOST_TEST(describe(*sender.find("d")) ==
             "delivered: 1 bad_status 0:00:00.000 to 0:00:00.200; 2 bad_status 0:01:00.200 to 0:01:00.400; "
             "3 bad_status 1:01:00.400 to 1:01:00.600; 4 ok 7:01:00.600 to 7:01:00.800");
  BOOST_TEST(sender.quiet_until(Instant::max()));
  BOOST_TEST(!sender.next_due().has_value());
}

BOOST_AUTO_TEST_CASE(results_that_arrived_together_take_effect_in_order, *label("X2")) {
  // The success ended before the failure, but was reported after it.
  class Held final : public Transport {
   public:
    void post(Push, Done done) override { all.push_back(std::move(done)); }
    std::vector<Done> all;
  } transport;
  VirtualClock clock{start};
  test::RecordingJournal journal;
  Sender sender{contract_defaults(), clock, transport, journal};
  sender.add_webhook("a", "https://a");
  for (const std::string id : {"x", "y"}) sender.enqueue({id, "a", "event.created", {}, nullptr, {}});
  sender.pump();
  AttemptResult late, early;
  late.outcome = Outcome::bad_status;
  late.took = 2s;
  early.outcome = Outcome::ok;
  early.took = 1s;
  transport.all.at(0)(late);
  transport.all.at(1)(early);
  transport.all.at(1)(late);
  BOOST_TEST(sender.in_flight() == 2u);
  sender.pump();
  BOOST_TEST(sender.webhook("a").consecutive_failures == 1);
  BOOST_TEST(sender.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_lost_with_an_attempt_is_lost_at_its_end_however_late_that_is_applied,
                     *label("R4") * label("G1")) {
  test::FakeTransport transport;
  GoingClock clock{transport};
  test::RecordingJournal journal;
  transport.set_script([](const Push&, int) { return test::Answer{Outcome::bad_status, 2s}; });
  auto options = contract_defaults();
  options.retry_delays = {};
  Sender sender{options, clock, transport, journal};
  for (const std::string id : {"abandoned", "dropped"}) {
    sender.add_webhook("of " + id, "https://a");
    sender.enqueue({id, "of " + id, "event.created", {}, std::make_shared<const std::string>("{}"), {}});
  }
  sender.pump();
  sender.remove("of dropped");
  transport.run_until(5s);
  sender.pump();
  for (const std::string id : {"abandoned", "dropped"}) BOOST_TEST((sender.find(id)->lost_at == start + 2s), id);
}

BOOST_AUTO_TEST_CASE(a_result_after_the_sender_is_gone_is_ignored) {
  test::FakeTransport transport;
  GoingClock clock{transport};
  test::RecordingJournal journal;
  {
    Sender sender{contract_defaults(), clock, transport, journal};
    sender.add_webhook("a", "https://a");
    sender.enqueue({"d", "a", "event.created", {}, nullptr, {}});
    sender.pump();
  }
  const auto told = journal.lines.size();
  transport.run_until(10s);
  BOOST_TEST(journal.lines.size() == told);
}

BOOST_AUTO_TEST_SUITE_END()
