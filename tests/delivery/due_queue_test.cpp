#include "delivery/due_queue.hpp"

#include <boost/test/unit_test.hpp>

#include "table.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::start;

namespace {

constexpr auto at(int seconds) {
  return start + std::chrono::seconds{seconds};
}

std::vector<std::size_t> take_all(DueQueue& queue, Instant now) {
  std::vector<std::size_t> taken;
  while (const auto delivery = queue.take(now)) taken.push_back(*delivery);
  return taken;
}

using Numbers = std::vector<std::size_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(due_queue)

BOOST_AUTO_TEST_CASE(nothing_is_taken_before_it_is_due, *label("R1")) {
  DueQueue queue{10, 100};
  const auto a = queue.add_webhook();
  BOOST_TEST(!queue.next_due().has_value());
  queue.push(a, at(60), 1);
  BOOST_TEST((queue.next_due() == at(60)));
  BOOST_TEST(!queue.take(at(60) - Duration{1}).has_value());
  BOOST_TEST((queue.take(at(60)) == 1u));
  BOOST_TEST(!queue.next_due().has_value());
}

BOOST_AUTO_TEST_CASE(oldest_due_first_then_oldest_delivery, *label("G4")) {
  DueQueue queue{10, 100};
  const auto a = queue.add_webhook();
  for (const auto& [due, delivery] : std::vector<std::pair<int, std::size_t>>{{9, 1}, {3, 2}, {5, 4}, {5, 3}, {1, 5}}) {
    queue.push(a, at(due), delivery);
  }
  BOOST_TEST(take_all(queue, at(9)) == (Numbers{5, 2, 3, 4, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_webhook_waits_for_its_own_slot, *label("G4")) {
  DueQueue queue{2, 100};
  const auto a = queue.add_webhook();
  const auto b = queue.add_webhook();
  for (std::size_t i = 0; i < 5; ++i) queue.push(a, at(0), i);
  BOOST_TEST(take_all(queue, at(0)) == (Numbers{0, 1}), boost::test_tools::per_element());
  BOOST_TEST(!queue.next_due().has_value());
  queue.push(b, at(7), 9);
  BOOST_TEST((queue.next_due() == at(7)));
  queue.release(a);
  BOOST_TEST((queue.next_due() == at(0)));
  BOOST_TEST(take_all(queue, at(7)) == (Numbers{9, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_slots_are_kept_for_webhooks_with_none, *label("G4")) {
  DueQueue queue{3, 6};
  for (std::size_t webhook = 0; webhook < 4; ++webhook) {
    queue.add_webhook();
    if (webhook == 3) break;
    for (std::size_t i = 0; i < 3; ++i) queue.push(webhook, at(0), webhook * 10 + i);
  }
  BOOST_TEST(take_all(queue, at(0)) == (Numbers{0, 10, 20}), boost::test_tools::per_element());
  BOOST_TEST(!queue.next_due().has_value());  // three of six are kept, and all that is pending has a slot already
  queue.push(3, at(5), 30);
  queue.push(3, at(5), 31);
  BOOST_TEST((queue.next_due() == at(5)));
  BOOST_TEST(take_all(queue, at(5)) == (Numbers{30}), boost::test_tools::per_element());
  queue.release(3);
  BOOST_TEST(take_all(queue, at(5)) == (Numbers{31}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_total_bound_holds_over_webhooks, *label("G4")) {
  DueQueue queue{3, 3};
  const auto a = queue.add_webhook();
  const auto b = queue.add_webhook();
  for (std::size_t i = 0; i < 4; ++i) queue.push(i % 2 == 0 ? a : b, at(0), i);
  BOOST_TEST(take_all(queue, at(0)) == (Numbers{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(!queue.next_due().has_value());
  queue.release(a);
  BOOST_TEST(take_all(queue, at(0)) == (Numbers{3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(webhooks_take_turns_when_slots_are_short, *label("G4")) {
  DueQueue queue{1, 1};
  const auto a = queue.add_webhook();
  const auto b = queue.add_webhook();
  for (std::size_t i = 0; i < 3; ++i) queue.push(a, at(0), i);
  for (std::size_t i = 10; i < 13; ++i) queue.push(b, at(5), i);
  Numbers order;
  for (int i = 0; i < 6; ++i) {
    const auto delivery = queue.take(at(9)).value();
    order.push_back(delivery);
    queue.release(delivery < 10 ? a : b);
  }
  BOOST_TEST(order == (Numbers{0, 10, 1, 11, 2, 12}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_webhook_with_fewer_slots_goes_first_even_if_served_last, *label("G4")) {
  DueQueue queue{3, 3};
  const auto a = queue.add_webhook();
  const auto b = queue.add_webhook();
  for (std::size_t i = 0; i < 3; ++i) queue.push(a, at(0), i);
  BOOST_TEST((queue.take(at(0)) == 0u));
  BOOST_TEST((queue.take(at(0)) == 1u));
  queue.push(b, at(0), 10);
  queue.push(b, at(0), 11);
  BOOST_TEST((queue.take(at(0)) == 10u));
  queue.release(b);
  BOOST_TEST((queue.take(at(0)) == 11u));
}

BOOST_AUTO_TEST_CASE(clear_takes_out_all_of_one_webhook, *label("X3")) {
  DueQueue queue{1, 10};
  const auto a = queue.add_webhook();
  const auto b = queue.add_webhook();
  queue.push(a, at(2), 1);
  queue.push(a, at(1), 2);
  queue.push(b, at(3), 3);
  BOOST_TEST(queue.clear(a) == (Numbers{2, 1}), boost::test_tools::per_element());
  BOOST_TEST(queue.clear(a).empty());
  BOOST_TEST((queue.next_due() == at(3)));
  BOOST_TEST(take_all(queue, at(3)) == (Numbers{3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_queue_stays_in_order, *label("G4")) {
  DueQueue queue{200'000, 200'000};
  for (int i = 0; i < 100; ++i) queue.add_webhook();
  for (std::size_t i = 0; i < 200'000; ++i) queue.push(i % 100, at(static_cast<int>(i * 7919 % 100'000)), i);
  auto last = Instant::min();
  for (int second = 0; second < 100'000; second += 100) {
    for (const auto delivery : take_all(queue, at(second)))
      last = std::max(last, at(static_cast<int>(delivery * 7919 % 100'000)));
    BOOST_REQUIRE(last <= at(second));
  }
  BOOST_TEST(take_all(queue, at(100'000)).size() == 198u);
}

BOOST_AUTO_TEST_SUITE_END()
