#include "consumer/certificate_alarm.hpp"

#include <boost/test/unit_test.hpp>

namespace utf = boost::unit_test;
using namespace std::chrono_literals;
using consumer::CertificateAlarm;

namespace {

const std::chrono::sys_seconds expires{1'000'000h};

}  // namespace

BOOST_AUTO_TEST_SUITE(certificate_alarm, *utf::label("D7"))

BOOST_AUTO_TEST_CASE(it_comes_a_week_before_and_at_the_end_once_each) {
  CertificateAlarm alarm;
  BOOST_TEST(!alarm.look(expires - 7 * 24h, expires));
  const auto soon = alarm.look(expires - 7 * 24h + 1s, expires);
  BOOST_TEST_REQUIRE(soon.has_value());
  BOOST_TEST(!soon->has_expired);
  BOOST_TEST(soon->text.find("expires in 6 d 23 h") != std::string::npos, soon->text);
  BOOST_TEST(!alarm.look(expires - 1s, expires));
  const auto expired = alarm.look(expires, expires);
  BOOST_TEST_REQUIRE(expired.has_value());
  BOOST_TEST(expired->has_expired);
  for (const char* word : {"has expired", "D7", "renew", "SIGHUP"})
    BOOST_TEST(expired->text.find(word) != std::string::npos, word);
  BOOST_TEST(!alarm.look(expires + 24h, expires));
}

BOOST_AUTO_TEST_CASE(another_certificate_is_told_of_anew) {
  CertificateAlarm alarm;
  BOOST_TEST(alarm.look(expires, expires).has_value());
  const auto renewed = expires + 90 * 24h;
  BOOST_TEST(!alarm.look(expires, renewed));
  BOOST_TEST(!alarm.look(renewed - 1s, renewed)->has_expired);
  BOOST_TEST(alarm.look(renewed, renewed)->has_expired);
}

BOOST_AUTO_TEST_SUITE_END()
