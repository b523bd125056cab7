#include "consumer/log_throttle.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using consumer::LogThrottle;
using std::chrono::seconds;

namespace {

struct Log {
  std::vector<std::string> lines;
  LogThrottle throttle{seconds(10), [this](const std::string& line) { lines.push_back(line); }};
  LogThrottle::Clock::time_point start{};

  void tell(const std::string& cause, int second) { throttle.tell(cause, start + seconds(second)); }
  void flush(int second) { throttle.flush(start + seconds(second)); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_throttle)

BOOST_AUTO_TEST_CASE(a_cause_is_told_at_once_and_then_counted) {
  Log log;
  for (int i = 0; i < 1'000; ++i) log.tell("disk full", 1);
  BOOST_TEST(log.lines == (std::vector<std::string>{"disk full"}), boost::test_tools::per_element());
  log.flush(10);
  BOOST_TEST(log.lines.size() == 1u);
  log.flush(11);
  BOOST_TEST(log.lines.size() == 2u);
  BOOST_TEST(log.lines.back() == "disk full (999 times in 10 s)");
  log.flush(21);  // nothing more came
  BOOST_TEST(log.lines.size() == 2u);
  log.tell("disk full", 22);
  BOOST_TEST(log.lines.back() == "disk full");
}

BOOST_AUTO_TEST_CASE(what_was_counted_is_told_with_the_next_one) {
  Log log;
  log.tell("disk full", 1);
  log.tell("disk full", 2);
  log.tell("disk full", 11);
  BOOST_TEST(log.lines.back() == "disk full (and 1 times since the last such line)");
}

BOOST_AUTO_TEST_CASE(lines_of_one_cause_are_counted_together) {
  Log log;
  for (int row = 1; row <= 500; ++row)
    log.throttle.tell("kept aside", "row " + std::to_string(row) + ": kept aside", log.start + seconds(1));
  log.flush(11);
  BOOST_TEST(log.lines == (std::vector<std::string>{"row 1: kept aside", "kept aside (499 times in 10 s)"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(causes_are_told_apart_but_not_without_end) {
  Log log;
  log.tell("disk full", 1);
  log.tell("too slow", 1);
  BOOST_TEST(log.lines.size() == 2u);
  for (int i = 0; i < 1'000; ++i) log.tell("cause " + std::to_string(i), 1);
  BOOST_TEST(log.lines.size() <= 33u);
}

BOOST_AUTO_TEST_SUITE_END()
