// Two webhooks on one consumer: each is watched by itself, because Prospero disables each by itself (X1).
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "programs.hpp"

namespace utf = boost::unit_test;

namespace {

constexpr std::size_t half_of_the_room = 700'000;  // of a body; the inbox may take 1 MiB

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A consumer with a path for each of two organizations.
struct Stage {
  test_support::TempFolder folder;
  e2e::Args flags;
  std::unique_ptr<e2e::Consumer> consumer;

  explicit Stage(const e2e::Args& more = {}) {
    std::ofstream(folder.file("hooks")) << "orgA=/hook/s3cret-a\norgB=/hook/s3cret-b\n";
    flags = {"--path-file", folder.file("hooks")};
    flags.insert(flags.end(), more.begin(), more.end());
    consumer = std::make_unique<e2e::Consumer>(folder, flags);
  }
  std::string url_of_b() const { return consumer->url().substr(0, consumer->url().size() - 1) + "b"; }
  int push(const std::string& url, const e2e::Args& more = {"--event", "offer.updated"}) const {
    return e2e::push(folder, url, more).code;
  }
  std::string inbox(e2e::Args verb) const {
    verb.insert(verb.begin(), {e2e::program("sample-consumer"), "inbox"});
    const auto done = test_support::run(verb);
    return done.out + done.err;
  }
  std::string gaps() const { return inbox({"gaps", "--inbox", "sqlite:" + folder.file("inbox.db")}); }
  std::string metrics() const { return consumer->admin_page("/metrics").second; }

  void fill() const {
    std::ofstream(folder.file("large")) << R"({"event":"weather.changed","data":")" +
                                               std::string(half_of_the_room, 'x') + "\"}";
    std::ofstream(folder.file("larger")) << R"({"event":"weather.changed","data":")" +
                                                std::string(half_of_the_room + 1, 'x') + "\"}";
    for (const char* body : {"large", "larger"})
      BOOST_TEST(push(url_of_b(), {"--event", "weather.changed", "--body", folder.file(body)}) == 0);
    e2e::eventually("the end of what fills the inbox",
                    [&] { return holds(metrics(), "prospero_inbox_rows{state=\"processed\"} 2\n"); });
  }
  void make_room() const {
    const auto said = inbox({"purge", "--older-than", "0s", "--admin", "http://127.0.0.1:" + consumer->admin_port()});
    BOOST_TEST(holds(said, "2 row(s) removed"), said);
  }
};

constexpr const char* a_may_be_disabled = "the webhook of orgA may have been disabled";
constexpr const char* b_may_be_disabled = "the webhook of orgB may have been disabled";

}  // namespace

BOOST_AUTO_TEST_SUITE(silence, *utf::label("X1"))

BOOST_AUTO_TEST_CASE(webhook_that_was_disabled_is_told_while_the_other_gets_its_200s, *utf::label("X2")) {
  const Stage stage({"--inbox-max", "1MiB"});
  const e2e::Mock mock(stage.folder, {"--clock", "virtual"});
  const auto org_a = mock.organization(), org_b = mock.organization();
  const auto webhook_a = mock.webhook(org_a, stage.consumer->url(), "event.updated");
  const auto webhook_b = mock.webhook(org_b, stage.url_of_b(), "event.updated");
  const auto send = [&](const std::string& org) {
    mock.trigger(org, "event.updated");
    mock.post("/v1/clock/advance", {{"seconds", 0}});
  };
  send(org_a);
  stage.consumer->process().read_until("handled");
  stage.inbox({"purge", "--older-than", "0s", "--admin", "http://127.0.0.1:" + stage.consumer->admin_port()});
  stage.fill();
  for (int n = 0; n < 20; ++n) send(org_a);
  BOOST_TEST(mock.get("/v1/webhooks/" + webhook_a).at("state") == "disabled");
  e2e::eventually("the gap", [&] { return holds(stage.gaps(), a_may_be_disabled); });
  stage.make_room();
  send(org_b);
  BOOST_TEST(mock.deliveries(webhook_b).at(0).at("state") == "delivered");

  const auto gaps = stage.consumer->admin("/inbox/gaps").at("items").as_array();
  BOOST_TEST_REQUIRE(gaps.size() == 1u);
  BOOST_TEST(gaps[0].at("source") == "orgA");
  BOOST_TEST(gaps[0].at("reason") == "may_be_disabled");
  BOOST_TEST(holds(stage.gaps(), a_may_be_disabled));
  BOOST_TEST(!holds(stage.gaps(), b_may_be_disabled));
  BOOST_TEST(holds(stage.metrics(), "prospero_gaps{reason=\"may_be_disabled\",source=\"orgA\"} 1\n"));
  BOOST_TEST(holds(stage.metrics(), "prospero_gaps{reason=\"may_be_disabled\",source=\"orgB\"} 0\n"));
}

BOOST_AUTO_TEST_CASE(many_failed_answers_leave_a_gap_after_one_200, *utf::label("X2")) {
  Stage stage({"--inbox-max", "1MiB"});
  stage.fill();
  BOOST_TEST(stage.push(stage.consumer->url(), {"--event", "offer.updated", "--repeat", "20"}) == 1);
  stage.make_room();
  BOOST_TEST(stage.push(stage.consumer->url()) == 0);
  BOOST_TEST(holds(stage.gaps(), a_may_be_disabled));
  e2e::eventually("the line in the log", [&] {
    return holds(text_of(stage.folder.file("consumer.log")), std::string(a_may_be_disabled) + " (X1)");
  });
  stage.consumer->process().signal(9);
  stage.consumer->process().wait();
  BOOST_TEST(holds(stage.gaps(), a_may_be_disabled), "after kill -9");
  BOOST_TEST(!holds(text_of(stage.folder.file("consumer.log")), "s3cret"));
}

BOOST_AUTO_TEST_CASE(one_silent_webhook_is_an_alarm_while_the_other_pushes_and_so_are_bodies_that_are_no_pushes) {
  const Stage stage({"--expect-push-every", "5s"});
  std::ofstream(stage.folder.file("malformed")) << "{";
  e2e::eventually("the alarm", [&] {
    BOOST_TEST(stage.push(stage.url_of_b()) == 0);
    BOOST_TEST(
        stage.push(stage.consumer->url(), {"--event", "offer.updated", "--body", stage.folder.file("malformed")}) == 0);
    return holds(stage.metrics(), "prospero_silence_alarm{source=\"orgA\"} 1\n");
  });
  BOOST_TEST(holds(stage.metrics(), "prospero_silence_alarm{source=\"orgB\"} 0\n"));
  const std::string log = text_of(stage.folder.file("consumer.log"));
  BOOST_TEST(holds(log, "no push from orgA for "), log);
  BOOST_TEST(!holds(log, "no push from orgB for "), log);
}

BOOST_AUTO_TEST_CASE(paths_without_a_label_are_said_to_count_as_one) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder, {"--path", "/hook/s3cret-a", "--path", "/hook/s3cret-b"});
  const auto log = [&] { return text_of(folder.file("consumer.log")); };  // its lines may come after the ready file
  e2e::eventually("the warning", [&] { return holds(log(), "2 paths have no label and count as one webhook"); });
  BOOST_TEST(!holds(log(), "s3cret"));
}

BOOST_AUTO_TEST_SUITE_END()
