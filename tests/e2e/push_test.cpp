#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>

#include "programs.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;

namespace {

const std::vector<std::string> known = {"event.created",   "event.updated",   "event.deleted",
                                        "invoice.created", "invoice.updated", "invoice.deleted",
                                        "offer.created",   "offer.updated",   "offer.deleted"};

json::object newest_row(const e2e::Consumer& consumer) {
  return consumer.admin("/inbox?limit=1").at("items").at(0).as_object();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pushes_over_tls)

BOOST_AUTO_TEST_CASE(each_known_webhook_event_is_answered_200_and_handled,
                     *utf::label("D1") * utf::label("E1") * utf::label("E2") * utf::label("E3") * utf::label("E4") *
                         utf::label("E5") * utf::label("E6") * utf::label("E7") * utf::label("E8") * utf::label("E9")) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder);
  for (const auto& event : known) {
    const auto pushed = e2e::push(folder, consumer.url(), {"--event", event});
    BOOST_TEST_INFO(pushed.out << pushed.err);
    BOOST_TEST(pushed.code == 0);
    BOOST_TEST(consumer.process().read_until("handled").find(event) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_webhook_event_is_answered_200_and_reaches_the_fallback, *utf::label("E10")) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder);
  BOOST_TEST(e2e::push(folder, consumer.url(), {"--event", "budget.approved"}).code == 0);
  BOOST_TEST(consumer.process().read_until("handled").find("budget.approved") != std::string::npos);
  e2e::eventually("the row is processed", [&] { return newest_row(consumer).at("state") == "processed"; });
}

BOOST_AUTO_TEST_CASE(a_malformed_body_is_answered_200_and_kept_aside, *utf::label("D3")) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const auto pushed = e2e::push(folder, consumer.url(), {"--event", "event.created", "--body", "/proc/self/cmdline"});
  BOOST_TEST_INFO(pushed.out << pushed.err);
  BOOST_TEST(pushed.code == 0);
  BOOST_TEST(newest_row(consumer).at("state") == "quarantined");
}

BOOST_AUTO_TEST_CASE(a_wrong_path_is_not_answered_200, *utf::label("D3")) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const auto pushed = e2e::push(folder, consumer.url() + "x", {"--event", "event.created", "--json"});
  BOOST_TEST(pushed.code == 1);
  BOOST_TEST(json::parse(pushed.out).at("attempts").at(0).at("status") == 404);
}

BOOST_AUTO_TEST_CASE(repeat_makes_new_samples_and_copies_of_given_bytes, *utf::label("D1") * utf::label("R5")) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder, {"--workers", "0"});
  BOOST_TEST(e2e::push(folder, consumer.url(), {"--event", "offer.updated", "--repeat", "3", "--rate", "1000"}).code ==
             0);
  BOOST_TEST(consumer.admin("/inbox").at("items").as_array().size() == 3u);

  const std::string file = folder.file("body.json");
  std::ofstream(file) << R"({"event": "offer.updated", "data": {"id": "5d1c2f80-c93e-11f0-8de9-0242ac120002"}})";
  const auto copies = e2e::push(folder, consumer.url(), {"--event", "offer.updated", "--body", file, "--repeat", "3"});
  BOOST_TEST(copies.code == 0);
  BOOST_TEST(newest_row(consumer).at("copies") == 2);
}

BOOST_AUTO_TEST_CASE(the_secret_path_and_the_payload_are_in_no_output, *utf::label("D2")) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder, {"--path", "/hook/topsecret"});
  const auto pushed = e2e::push(
      folder, consumer.url(),
      {"--event", "event.created", "--set", "/sampleTitle=\"confidential\"", "--retry", "--clock", "virtual"});
  BOOST_TEST(pushed.code == 0);
  consumer.process().signal(SIGTERM);
  consumer.process().wait();
  const auto log = test_support::run({"/bin/cat", folder.file("consumer.log")}).out;
  for (const auto& text : {pushed.out, pushed.err, log}) BOOST_TEST(text.find("topsecret") == std::string::npos);
  BOOST_TEST((consumer.process().output() + log + pushed.out).find("confidential") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
