#include "consumer/silence_alarm.hpp"

#include "consumer/last_pushes.hpp"

#include <boost/test/unit_test.hpp>

namespace utf = boost::unit_test;
using namespace std::chrono_literals;
using consumer::LastPushes;
using consumer::SilenceAlarm;

namespace {

const SilenceAlarm::Time start{std::chrono::hours(500'000)};

}  // namespace

BOOST_AUTO_TEST_SUITE(silence_alarm, *utf::label("X1"))

BOOST_AUTO_TEST_CASE(it_comes_after_the_time_again_after_each_further_one_and_ends_with_a_push) {
  SilenceAlarm alarm(1h, start);
  BOOST_TEST(!alarm.look(start + 1h, start));
  const auto line = alarm.look(start + 1h + 1s, start);
  BOOST_TEST_REQUIRE(line.has_value());
  for (const char* word : {"no push for 60 min", "--expect-push-every 60 min", "X1", "staff"})
    BOOST_TEST(line->find(word) != std::string::npos, word);
  BOOST_TEST(alarm.is_silent());
  BOOST_TEST(!alarm.look(start + 2h, start));
  BOOST_TEST(alarm.look(start + 2h + 1s, start).has_value());
  BOOST_TEST(alarm.look(start + 2h + 2s, start + 2h + 2s).value() == "pushes come in again");
  BOOST_TEST(!alarm.is_silent());
  BOOST_TEST(!alarm.look(start + 3h, start + 2h + 2s));
  BOOST_TEST(alarm.look(start + 4h, start + 2h + 2s).has_value());
}

BOOST_AUTO_TEST_CASE(a_silence_that_began_before_the_start_is_told_ten_minutes_after_it) {
  SilenceAlarm alarm(24h, start);
  BOOST_TEST(!alarm.look(start + 9min, start - 30h));
  BOOST_TEST(alarm.look(start + 10min, start - 30h).has_value());
  SilenceAlarm fresh(24h, start);
  BOOST_TEST(!fresh.look(start + 10min, start - 3h));
}

BOOST_AUTO_TEST_CASE(it_comes_also_when_the_clock_was_ahead_and_is_set_back) {
  for (const bool rang_before : {false, true}) {
    SilenceAlarm alarm(1h, start + 720h);
    LastPushes pushes({{"", start + 720h}});
    const auto look = [&](SilenceAlarm::Time now) { return alarm.look(now, pushes.with({}, now).at("")); };
    BOOST_TEST(look(start + 720h + (rang_before ? 2h : 0h)).has_value() == rang_before);
    look(start);  // set back
    BOOST_TEST((pushes.with({}, start + 1h).at("") == start));
    BOOST_TEST(!look(start + 1h));
    BOOST_TEST(look(start + 1h + 1s).has_value());
  }
}

BOOST_AUTO_TEST_CASE(it_comes_again_when_the_clock_was_ahead_for_a_while) {
  SilenceAlarm alarm(1h, start);
  BOOST_TEST(alarm.look(start + 2h, start).has_value());
  BOOST_TEST(alarm.look(start + 720h, start).has_value());
  BOOST_TEST(!alarm.look(start + 3h, start));  // set back
  BOOST_TEST(alarm.look(start + 4h, start).has_value());
}

BOOST_AUTO_TEST_CASE(lines_name_the_label) {
  SilenceAlarm alarm(1h, start, "orgA");
  BOOST_TEST(alarm.look(start + 2h, start).value().starts_with("no push from orgA for 2 h"));
  BOOST_TEST(alarm.look(start + 2h, start + 2h).value() == "pushes from orgA come in again");
}

BOOST_AUTO_TEST_SUITE_END()
