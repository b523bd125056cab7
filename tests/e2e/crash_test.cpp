#include <csignal>

#include <boost/test/unit_test.hpp>

#include "programs.hpp"

namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(crashes)

// `--workers 0` stores and answers but handles nothing: the kill falls between the commit and the handling.
BOOST_AUTO_TEST_CASE(killed_between_commit_and_handling_it_handles_after_the_restart, *utf::label("R3")) {
  const test_support::TempFolder folder;
  {
    e2e::Consumer consumer(folder, {"--workers", "0"});
    BOOST_TEST(e2e::push(folder, consumer.url(), {"--event", "offer.updated"}).code == 0);
    consumer.process().signal(SIGKILL);
    BOOST_TEST(consumer.process().wait().signal == SIGKILL);
  }
  e2e::Consumer consumer(folder);
  BOOST_TEST(consumer.process().read_until("handled").find("offer.updated") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_url_certificate_and_port) {
  const test_support::TempFolder folder;
  std::string url, port;
  {
    e2e::Consumer consumer(folder);
    url = consumer.url();
    port = consumer.port();
    consumer.process().signal(SIGTERM);
    BOOST_TEST(consumer.process().wait().code == 0);
  }
  const e2e::Consumer again(folder, {}, port);
  BOOST_TEST(again.url() == url);
  BOOST_TEST(e2e::push(folder, url, {"--event", "offer.updated"}).code == 0);
}

BOOST_AUTO_TEST_CASE(sigterm_ends_the_consumer_with_0) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder);
  consumer.process().signal(SIGTERM);
  BOOST_TEST(consumer.process().wait().code == 0);
}

BOOST_AUTO_TEST_SUITE_END()
