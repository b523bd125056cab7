// Bounds of attempts in flight, and webhooks beside each other.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::Answer;
using test::World;

namespace {

Answer slow_a(const Push& push, int) {
  return push.url == "https://a" ? Answer{Outcome::timeout, std::chrono::seconds{5}} : Answer{};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fairness)

BOOST_AUTO_TEST_CASE(a_slow_webhook_with_10000_pending_holds_back_no_other, *label("G4")) {
  World world;
  world.transport.set_script(slow_a);
  world.run(R"(
    rule 0 0                 |
    add a                    | enabled 0
    add b                    | enabled 0
    bulk d 10000 a           | 10000 pending
    start                    | 10 in flight
    bulk e 10 b              | 10 pending
    start                    | 20 in flight
    real 0.100001            | at 0:00:00.100, 10 in flight
    delivery e10             | delivered: 1 ok 0:00:00.000 to 0:00:00.100
    advance 0                | at 4:10:00.000, 29990 attempts
  )");
  BOOST_TEST(world.transport.most_under_way() == 20u);
}

BOOST_AUTO_TEST_CASE(the_next_free_slot_goes_to_who_waits_with_fewest_under_way, *label("G4")) {
  World world;
  world.transport.set_script(slow_a);
  world.run(R"(
    bounds 4 4               |
    add a                    | enabled 0
    add b                    | enabled 0
    bulk d 100 a             | 100 pending
    start                    | 4 in flight
    real 1                   | at 0:00:00.000, 4 in flight
    bulk e 3 b               | 3 pending
    real 4                   | at 0:00:05.000, 4 in flight
    delivery e2              | pending: 1 under way due 0:00:00.000 0:00:05.000
    delivery e3              | pending next 0:00:00.000
    delivery d006            | pending: 1 under way due 0:00:00.000 0:00:05.000
    delivery d007            | pending next 0:00:00.000
  )");
}

BOOST_AUTO_TEST_CASE(one_slot_is_shared_in_turns, *label("G4")) {
  World world;
  world.run(R"(
    bounds 1 1               |
    add a                    | enabled 0
    add b                    | enabled 0
    add c                    | enabled 0
    bulk a 3 a               | 3 pending
    bulk b 3 b               | 3 pending
    bulk c 1 c               | 1 pending
    settle                   | at 0:00:00.700
  )");
  std::string order;
  for (const auto& sent : world.transport.sent()) order += *sent.body + ' ';
  BOOST_TEST(order == "a1 b1 c1 a2 b2 a3 b3 ");
}

BOOST_AUTO_TEST_CASE(overdue_retries_are_made_oldest_due_first_and_count_from_the_real_failure,
                     *label("G4") * label("R2")) {
  // The first attempts end one after the other, so do the retries; one slot makes the later ones wait.
  World{}.run(R"(
    bounds 1 5               |
    add a                    | enabled 0
    answer a bad_status 1    |
    answer a bad_status 2    |
    answer a bad_status 5    |
    answer a bad_status 1    |
    bulk d 2 a               | 2 pending
    settle                   | at 0:00:03.000
    delivery d1              | pending next 0:01:01.000: 1 bad_status 0:00:00.000 to 0:00:01.000
    delivery d2              | pending next 0:01:03.000: 1 bad_status due 0:00:00.000 0:00:01.000 to 0:00:03.000
    advance 60               | at 0:01:07.000, 2 attempts
    delivery d1              | pending next 1:01:06.000: 1 bad_status 0:00:00.000 to 0:00:01.000; 2 bad_status 0:01:01.000 to 0:01:06.000
    delivery d2              | pending next 1:01:07.000: 1 bad_status due 0:00:00.000 0:00:01.000 to 0:00:03.000; 2 bad_status due 0:01:03.000 0:01:06.000 to 0:01:07.000
  )");
}

BOOST_AUTO_TEST_CASE(the_bound_of_each_webhook_is_never_passed, *label("G4")) {
  World world;
  std::map<std::string, int> under_way;
  int most = 0;
  class Counting final : public Transport {
   public:
    Counting(Transport& inner, std::map<std::string, int>& now, int& most) : inner_(inner), now_(now), most_(most) {}
    void post(Push push, Done done) override {
      const auto url = push.url;
      most_ = std::max(most_, ++now_[url]);
      inner_.post(std::move(push), [this, url, done = std::move(done)](AttemptResult result) {
        --now_[url];
        done(std::move(result));
      });
    }

   private:
    Transport& inner_;
    std::map<std::string, int>& now_;
    int& most_;
  } counting{world.time, under_way, most};
  auto options = contract_defaults();
  options.in_flight_per_webhook = 3;
  Sender sender{options, world.clock, counting, world.journal};
  for (const std::string id : {"a", "b"}) {
    sender.add_webhook(id, "https://" + id);
    for (int i = 0; i < 40; ++i) sender.enqueue({id + std::to_string(i), id, "event.created", {}, nullptr, {}});
  }
  while (world.time.step(sender).kind != NextStep::Kind::finished) {
    world.transport.run_until(world.transport.next_completion().value());
  }
  BOOST_TEST(most == 3);
  BOOST_TEST(world.transport.most_under_way() == 6u);
  BOOST_TEST(world.transport.sent().size() == 80u);
}

BOOST_AUTO_TEST_SUITE_END()
