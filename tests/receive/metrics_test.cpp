#include <prospero/webhooks/receive/metrics.hpp>

#include "counted_receipts.hpp"
#include "fixture.hpp"
#include "prospero/webhooks/receive/receiver.hpp"

using namespace receive_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(values_are_counted_up_to_their_bound) {
  pw::Histogram histogram({1, 10});
  for (const double value : {0.5, 1.0, 1.5, 10.0, 11.0}) histogram.observe(value);
  BOOST_TEST(histogram.counts() == (std::vector<std::uint64_t>{2, 2, 1}), boost::test_tools::per_element());
  BOOST_TEST(histogram.count() == 5u);
  BOOST_TEST(histogram.sum() == 24.0);
}

BOOST_AUTO_TEST_CASE(the_five_seconds_of_prospero_are_a_bound, *label("D4")) {
  const auto bounds = pw::seconds_histogram().upper_bounds();
  BOOST_TEST((std::find(bounds.begin(), bounds.end(), 5.0) != bounds.end()));
}

BOOST_AUTO_TEST_CASE(a_receiver_counts_what_it_answers) {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = {{"/hook", "orgA"}, {"/other", "orgB"}};
  options.body_bytes_max = 500;
  int too_large = 0;
  options.on_too_large = [&too_large] { ++too_large; };
  pw::Receiver receiver{*inbox, options};
  receiver.receive({"POST", "/other", "", "malformed"});
  BOOST_TEST(receiver.counters().last_push_at.empty());
  const std::string id = R"({"id":"6f1c2a00-8d3e-11ee-b962-0242ac120002")";
  const std::string timed =
      R"({"event":"invoice.updated","data":)" + id + R"(,"lastUpdatedAt":"2026-11-24T02:00:00Z"}})";
  const std::string untimed = R"({"event":"invoice.updated","data":)" + id + R"(,"lastUpdatedAt":"yesterday"}})";
  const std::string future =
      R"({"event":"invoice.updated","data":)" + id + R"(,"lastUpdatedAt":"2999-01-01T00:00:00Z"}})";
  for (const std::string& body : {timed, timed, untimed, future, std::string("malformed"), std::string(501, ' ')})
    receiver.receive({"POST", "/hook", "", body});
  receiver.receive({"POST", "/elsewhere", "", std::string(501, ' ')});
  const auto counters = receiver.counters();
  BOOST_TEST(counters.stored == 5u);
  BOOST_TEST(counters.absorbed == 1u);
  BOOST_TEST(counters.kept_aside == 2u);
  BOOST_TEST(counters.without_time == 1u);
  BOOST_TEST(counters.from_future == 1u);
  BOOST_TEST(counters.too_large == 1u);
  BOOST_TEST(too_large == 1);
  BOOST_TEST(counters.unstored == 0u);
  BOOST_REQUIRE(counters.last_push_at.size() == 1u);
  BOOST_TEST(counters.last_push_at.begin()->first == "orgA");
}

BOOST_AUTO_TEST_CASE(last_push_of_a_clock_that_was_ahead_is_taken_for_one_of_now) {
  pw::CountedReceipts receipts;
  receipts.durable(false, "orgA", received_at() + std::chrono::hours{720});
  const auto seen = receipts.now().last_push_at.at("orgA");
  BOOST_TEST((seen >= received_at() && seen < received_at() + std::chrono::hours{1}));
  BOOST_TEST((receipts.now().last_push_at.at("orgA") == seen));
}

BOOST_AUTO_TEST_SUITE_END()
