#include "consumer/quantity.hpp"

#include <boost/test/unit_test.hpp>

#include "consumer/config.hpp"

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(quantity)

BOOST_AUTO_TEST_CASE(durations_have_a_unit) {
  BOOST_TEST((consumer::parse_duration("500ms", "--x") == 500ms));
  BOOST_TEST((consumer::parse_duration("90s", "--x") == 90s));
  BOOST_TEST((consumer::parse_duration("15m", "--x") == 15min));
  BOOST_TEST((consumer::parse_duration("24h", "--x") == 24h));
  BOOST_TEST((consumer::parse_duration("7d", "--x") == 168h));
  BOOST_TEST((consumer::parse_duration("7h2m", "--x") == 422min));
  BOOST_TEST((consumer::parse_duration("36500d", "--x") == 876'000h));
  BOOST_TEST((consumer::parse_duration("0s", "--x", 0ms) == 0ms));
  for (const char* bad :
       {"", "5", "h", "7w", "1h30", "36500d1ms", "-5h", "5 h", "5hh", "0s", "1.5h", "99999999999999d", "5H"})
    BOOST_CHECK_EXCEPTION(consumer::parse_duration(bad, "--x"), consumer::ConfigError,
                          [&](const auto& error) { return std::string(error.what()).starts_with("--x "); });
}

BOOST_AUTO_TEST_CASE(sizes_may_have_a_unit) {
  BOOST_TEST(consumer::parse_size("4096", "--x") == 4'096u);
  BOOST_TEST(consumer::parse_size("16MiB", "--x") == 16u << 20);
  BOOST_TEST(consumer::parse_size("3TiB", "--x") == 3ULL << 40);
  for (const char* bad : {"", "0", "MiB", "-1", "16MB", "16 MiB", "99999999999TiB"})
    BOOST_CHECK_THROW(consumer::parse_size(bad, "--x"), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(people_read_two_units_at_most) {
  BOOST_TEST(consumer::to_text(45s) == "45 s");
  BOOST_TEST(consumer::to_text(15min) == "15 min");
  BOOST_TEST(consumer::to_text(2h + 5min) == "2 h 5 min");
  BOOST_TEST(consumer::to_text(76h) == "3 d 4 h");
  BOOST_TEST(consumer::size_to_text(1'000'000) == "976 KiB");
  BOOST_TEST(consumer::size_to_text((10u << 20) - 1) == "10239 KiB");
  BOOST_TEST(consumer::size_to_text(64u << 20) == "64 MiB");
}

BOOST_AUTO_TEST_SUITE_END()
