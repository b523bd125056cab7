#include "consumer/duration.hpp"

#include <boost/test/unit_test.hpp>

#include "consumer/config.hpp"

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(numbers_with_units_add_up) {
  const auto ms = [](const char* text) { return consumer::parse_duration(text, "--x").count(); };
  BOOST_TEST(ms("500ms") == 500);
  BOOST_TEST(ms("90s") == 90'000);
  BOOST_TEST(ms("7h2m") == 25'320'000);
  BOOST_TEST(ms("7d") == 604'800'000);
  BOOST_TEST(ms("0s") == 0);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused_naming_the_flag) {
  for (const char* text : {"", "7", "d", "7w", "-1s", "1 s", "1h30", "99999999999999999999d", "1.5h"})
    BOOST_CHECK_EXCEPTION(consumer::parse_duration(text, "--retention"), consumer::ConfigError,
                          [](const auto& error) { return std::string(error.what()).find("--retention") == 0; });
}

BOOST_AUTO_TEST_SUITE_END()
