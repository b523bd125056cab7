// One timer for the deadlines of all attempts.
#include "transport/deadlines.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace mock::transport;
using namespace std::chrono_literals;

namespace {

struct Waiting final : HasDeadline {
  Waiting(int own_number, std::vector<int>& late) : number(own_number), told(late) {}
  void on_deadline() override {
    told.push_back(number);
    if (then) then();
  }
  int number;
  std::vector<int>& told;
  std::function<void()> then;
};

struct Stage {
  boost::asio::io_context io;
  std::optional<Deadlines> deadlines{std::in_place, io};
  std::vector<int> told;
  Deadlines::Clock::time_point now = Deadlines::Clock::now();

  Deadlines::Place add(int number, std::chrono::milliseconds in, std::function<void()> then = {}) {
    auto one = std::make_shared<Waiting>(number, told);
    one->then = std::move(then);
    return deadlines->add(now + in, one);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deadlines, Stage)

BOOST_AUTO_TEST_CASE(pass_in_their_order_and_those_removed_never) {
  const auto first = add(1, 1ms);
  add(2, 2ms);
  const auto third = add(3, 2ms);
  add(4, 3ms, [&] { add(5, 4ms); });
  deadlines->remove(first);
  deadlines->remove(third);
  io.run();
  BOOST_TEST(told == (std::vector<int>{2, 4, 5}), boost::test_tools::per_element());
  BOOST_TEST((Deadlines::Clock::now() >= now + 4ms));
}

BOOST_AUTO_TEST_CASE(one_may_remove_another_that_has_passed_too) {
  const auto second = std::make_shared<std::optional<Deadlines::Place>>();
  add(1, 1ms, [&, second] { deadlines->remove(**second); });
  *second = add(2, 1ms);
  io.run();
  BOOST_TEST(told == std::vector<int>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keep_no_loop_from_ending_when_none_is_left) {
  deadlines->remove(add(1, 1h));
  io.run_for(10s);
  BOOST_TEST(io.stopped());
  deadlines->remove(add(2, 1h));
  add(3, 1ms);
  io.restart();
  io.run();
  BOOST_TEST(told == std::vector<int>{3}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(are_forgotten_with_their_owner) {
  add(1, 0ms);
  io.poll();  // the timer may have ended already
  add(2, 0ms);
  deadlines.reset();
  io.run();
  BOOST_TEST(told.size() <= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
