#include "transport/real_clock.hpp"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace utf = boost::unit_test;
using namespace mock::transport;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(real_clock)

BOOST_AUTO_TEST_CASE(shows_the_wall_clock_and_never_goes_back, *utf::label("G7")) {
  const RealClock clock;
  BOOST_CHECK(std::chrono::abs(clock.now() - std::chrono::system_clock::now()) < 5s);
  auto last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.now();
    BOOST_CHECK(now >= last);
    last = now;
  }
}

BOOST_AUTO_TEST_CASE(fast_one_divides_waiting_and_starts_where_the_last_run_ended,
                     *utf::label("G6") * utf::label("G7")) {
  const auto later = std::chrono::floor<mock::delivery::Duration>(std::chrono::system_clock::now()) + 24h;
  const RealClock clock({3600, later});
  const auto first = clock.now();
  BOOST_CHECK(first >= later);
  const auto left = clock.until(first + 3600s);
  BOOST_CHECK(left <= 1s);
  BOOST_CHECK(left > -10s);
  const auto boot = boot_time();
  while (boot_time() - boot < 10ms) {
  }
  BOOST_CHECK(clock.now() - first >= 36s);
  BOOST_CHECK(clock.end_of(first, 5s) == first + 5h);
  BOOST_CHECK(RealClock{}.end_of(first, 5s) == first + 5s);
  BOOST_CHECK_THROW(RealClock({0.5, {}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(timer_fires_once_and_not_early, *utf::label("G7")) {
  boost::asio::io_context io;
  BootTimer timer(io);
  int fired = 0;
  const auto start = boot_time();
  timer.wait(30ms, [&] { ++fired; });
  io.run();
  BOOST_TEST(fired == 1);
  BOOST_CHECK(boot_time() - start >= 30ms);
}

BOOST_AUTO_TEST_CASE(a_later_wait_replaces_an_earlier_one, *utf::label("G7")) {
  boost::asio::io_context io;
  BootTimer timer(io);
  int first = 0, second = 0;
  timer.wait(1h, [&] { ++first; });
  timer.wait(-1s, [&] { ++second; });
  io.run();
  BOOST_TEST(first == 0);
  BOOST_TEST(second == 1);
}

BOOST_AUTO_TEST_CASE(a_wait_may_start_the_next_one, *utf::label("G7")) {
  boost::asio::io_context io;
  BootTimer timer(io);
  int fired = 0;
  std::function<void()> again = [&] {
    if (++fired < 3) timer.wait(1ms, again);
  };
  timer.wait(1ms, again);
  io.run();
  BOOST_TEST(fired == 3);
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_keeps_no_loop_from_ending, *utf::label("G7")) {
  boost::asio::io_context io;
  BootTimer timer(io);
  bool fired = false;
  timer.wait(1h, [&] { fired = true; });
  timer.cancel();
  io.run();
  BOOST_TEST(!fired);
}

BOOST_AUTO_TEST_SUITE_END()
