// GET /v1/stream: every change of state as server-sent events, resumable, and out of everybody's way.
#include "api/change_feed.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "stage.hpp"
#include "stream_reader.hpp"

using namespace api_test;
using boost::unit_test::label;
using mock::api::ChangeFeed;
using mock::api::EventSource;
using mock::api::FeedLimits;
using namespace std::chrono_literals;

namespace {

std::string all_of(EventSource& source) {
  std::string text;
  for (auto piece = source.next(); !piece.empty(); piece = source.next()) text += piece;
  return text;
}

std::string last_id(const std::string& text) {
  const auto at = text.rfind("id: ");
  return text.substr(at + 4, text.find('\n', at) - at - 4);
}

FeedLimits limits(std::size_t changes_max = 100) {
  FeedLimits some;
  some.changes_max = changes_max;
  some.turn = 1ms;
  return some;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(change_feed)

BOOST_AUTO_TEST_CASE(a_reader_rests_after_a_piece_so_that_what_happens_meanwhile_comes_at_once) {
  auto unhurried = limits();
  unhurried.pace = 30ms;
  ChangeFeed feed{unhurried};
  const auto reader = feed.follow("");
  reader->next();  // the opening
  const auto began_at = std::chrono::steady_clock::now();
  feed.publish("delivery", R"({"n":1})");
  BOOST_TEST(has(reader->next(), R"({"n":1})"));
  feed.publish("delivery", R"({"n":2})");
  feed.publish("delivery", R"({"n":3})");
  const auto piece = reader->next();
  BOOST_TEST((std::chrono::steady_clock::now() - began_at >= 30ms));
  BOOST_TEST(has(piece, R"({"n":2})"));
  BOOST_TEST(has(piece, R"({"n":3})"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_behind_does_not_rest) {
  auto very_slow = limits();
  very_slow.pace = 24h;
  ChangeFeed feed{very_slow};
  const auto reader = feed.follow("");
  reader->next();  // the opening
  const std::string large(40'000, 'x');
  for (int n = 0; n < 6; ++n) feed.publish("delivery", large);
  for (int n = 0; n < 6; ++n) BOOST_TEST(reader->next().size() > 40'000U);
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_before_the_first_reader) {
  ChangeFeed feed{limits()};
  BOOST_TEST(!feed.wanted());
  feed.publish("delivery", R"({"n":1})");
  const auto reader = feed.follow("");
  BOOST_TEST(feed.wanted());
  const auto text = all_of(*reader);
  BOOST_TEST(has(text, "retry: 2000\n\n"));
  BOOST_TEST(has(text, "event: ready\n"));
  BOOST_TEST(!has(text, "delivery"));
}

BOOST_AUTO_TEST_CASE(reader_goes_on_after_the_last_id_that_it_saw) {
  ChangeFeed feed{limits()};
  const auto first = feed.follow("");
  feed.publish("delivery", R"({"n":1})");
  const auto id = last_id(all_of(*first));
  feed.publish("delivery", R"({"n":2})");
  feed.publish("clock", R"({"n":3})");
  const auto text = all_of(*feed.follow(id));
  BOOST_TEST(!has(text, R"({"n":1})"));
  BOOST_TEST(has(text, "event: delivery\ndata: {\"n\":2}\n\n"));
  BOOST_TEST(has(text, "event: clock\ndata: {\"n\":3}\n\n"));
  BOOST_TEST(!has(text, "reset"));
  const auto nothing_missed = all_of(*feed.follow(last_id(text)));
  BOOST_TEST(nothing_missed == "retry: 2000\n\n");
}

BOOST_AUTO_TEST_CASE(id_that_is_forgotten_or_foreign_gets_a_reset) {
  ChangeFeed feed{limits(2)};
  const auto id = last_id(all_of(*feed.follow("")));
  for (int i = 0; i < 3; ++i) feed.publish("delivery", "{}");
  for (const auto& told : {id, std::string{"00000000-1"}, std::string{"x"}, id + "x", last_id(id) + "-999"}) {
    const auto text = all_of(*feed.follow(told));
    BOOST_TEST(has(text, "event: reset\n"), told);
    BOOST_TEST(!has(text, "delivery"), told);
  }
  ChangeFeed other{limits()};
  BOOST_TEST(has(all_of(*other.follow(id)), "event: reset\n"));
}

BOOST_AUTO_TEST_CASE(reader_that_falls_behind_gets_a_reset_and_goes_on_from_there) {
  ChangeFeed feed{limits(3)};
  const auto slow = feed.follow("");
  all_of(*slow);
  for (int i = 0; i < 10; ++i) feed.publish("delivery", R"({"n":)" + std::to_string(i) + '}');
  const auto text = all_of(*slow);
  BOOST_TEST(has(text, "event: reset\n"));
  BOOST_TEST(!has(text, "delivery"));
  feed.publish("delivery", R"({"n":10})");
  BOOST_TEST(has(all_of(*slow), R"({"n":10})"));
}

BOOST_AUTO_TEST_CASE(bytes_kept_are_bounded_too) {
  auto some = limits(1'000'000);
  some.bytes_max = 10'000;
  ChangeFeed feed{some};
  const auto id = last_id(all_of(*feed.follow("")));
  for (int i = 0; i < 100; ++i) feed.publish("delivery", std::string(1000, 'x'));
  BOOST_TEST(has(all_of(*feed.follow(id)), "event: reset\n"));
}

BOOST_AUTO_TEST_CASE(silence_is_broken_by_a_comment) {
  auto some = limits();
  some.heartbeat = 0ms;
  ChangeFeed feed{some};
  const auto reader = feed.follow("");
  reader->next();
  BOOST_TEST(reader->next().starts_with(":"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stream_of_the_api)

BOOST_AUTO_TEST_CASE(tells_of_webhooks_deliveries_and_the_clock) {
  Stage stage;
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  const auto org = stage.organization();
  const auto hook = stage.webhook(org);
  stage.script.answer(500);
  const auto id = stage.trigger(org);
  stage.advance(60);
  stream.until("event: webhook");
  stream.until(hook);
  stream.until("event: delivery");
  stream.until(id);
  stream.until("event: clock");
  stream.until(R"("now":"2026-11-24T12:01:00)");
}

BOOST_AUTO_TEST_CASE(tells_of_an_archived_event_whatever_that_fires, *label("E11")) {
  Stage stage{{.rules = {.archive_fires = {}, .without_fields = {}}}};
  const auto org = stage.organization();
  stage.webhook(org, "https://a.example/", "event.updated");
  const auto events = "/v1/organizations/" + org + "/events";
  const auto id = text(stage.made(events, json::object{}), "id");
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  BOOST_TEST(stage.post(events + '/' + id + "/archive").status == 200);
  const auto later = text(stage.made(events, json::object{}), "id");
  const auto seen = stream.until(later);
  BOOST_TEST(seen.find(R"("event":"event.updated","entityId":")" + id) != std::string::npos, seen);
  stage.advance(0);
  BOOST_TEST(stage.script.pushes().empty());
}

BOOST_AUTO_TEST_CASE(tells_of_every_change_of_an_entity_also_if_no_webhook_listens) {
  Stage stage;
  const auto org = stage.organization();
  const auto made_id = [&] { return text(stage.made("/v1/organizations/" + org + "/events", json::object{}), "id"); };
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  const auto told = [&](const std::string& event, const std::string& id) {
    stream.until(R"(data: {"orgId":")" + org + R"(","event":")" + event + R"(","entityId":")" + id + R"("})");
  };
  const auto id = made_id();
  told("event.created", id);
  stage.call("PATCH", "/v1/organizations/" + org + "/events/" + id, R"({"a":1})",
             {{"Content-Type", "application/json"}});
  told("event.updated", id);
  stage.call("DELETE", "/v1/organizations/" + org + "/events/" + id);
  told("event.deleted", id);
}

BOOST_AUTO_TEST_CASE(resumes_where_the_connection_was_lost) {
  Stage stage;
  std::string id;
  {
    StreamReader stream{stage.port()};
    id = last_id(stream.until("data: {}"));
  }
  const auto hook = stage.webhook(stage.organization());
  StreamReader again{stage.port(), id};
  again.until(hook);
  BOOST_TEST(!has(again.seen(), "event: ready"));
  BOOST_TEST(!has(again.seen(), "event: reset"));
}

BOOST_AUTO_TEST_CASE(thirty_two_of_them_and_an_advance_do_not_delay_the_clock) {
  Stage stage;
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.never_answer();
  std::vector<std::unique_ptr<StreamReader>> streams;
  for (int i = 0; i < 32; ++i) streams.push_back(std::make_unique<StreamReader>(stage.port()));
  for (const auto& one : streams) one->until("event: ready");
  stage.trigger(org);
  auto advance = std::async(std::launch::async, [&] {
    try {
      return stage.call("POST", "/v1/clock/advance", R"({"seconds":60})").status;
    } catch (const std::exception&) {
      return 0;  // the connection is closed by the end of the test
    }
  });
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) BOOST_TEST(stage.get("/v1/clock").status == 200);
  // 20 calls, and no one of them as slow as an attempt may be (D4).
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 5s);
  stage.engine().stop();
  BOOST_TEST(advance.get() == 503);
}

BOOST_AUTO_TEST_CASE(sixty_fifth_is_refused_and_a_place_is_free_again_when_one_ends) {
  Stage stage;
  std::vector<std::unique_ptr<StreamReader>> streams;
  for (int i = 0; i < 64; ++i) streams.push_back(std::make_unique<StreamReader>(stage.port()));
  for (const auto& one : streams) one->until("event: ready");
  const auto refused = stage.get("/v1/stream");
  BOOST_TEST(refused.status == 503);
  refused.error();
  streams.pop_back();
  for (bool accepted = false; !accepted;) {
    StreamReader next{stage.port()};
    accepted = has(next.until("\r\n\r\n"), "HTTP/1.1 200");
  }
}

BOOST_AUTO_TEST_CASE(ends_promptly_with_the_server) {
  std::unique_ptr<StreamReader> stream;
  const auto before = [&] {
    Stage stage;
    stream = std::make_unique<StreamReader>(stage.port());
    stream->until("event: ready");
    return std::chrono::steady_clock::now();
  }();
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 5s);
  stream->until_closed();
}

BOOST_AUTO_TEST_CASE(reader_that_takes_nothing_holds_up_nobody) {
  Stage stage;
  StreamReader stuck{stage.port()};
  stuck.until("event: ready");  // and reads no further
  const auto org = stage.organization();
  stage.webhook(org);
  const auto before = std::chrono::steady_clock::now();
  const json::value many = json::array(200, json::object{{"status", "draft"}, {"x", std::string(2000, 'x')}});
  for (int i = 0; i < 5; ++i) stage.made("/v1/organizations/" + org + "/invoices", many);
  stage.advance(0);
  BOOST_TEST(stage.get("/v1/clock").status == 200);
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 30s);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reset_of_the_api)

BOOST_AUTO_TEST_CASE(forgets_everything_but_the_time) {
  Stage stage;
  const auto org = stage.organization();
  const auto hook = stage.webhook(org);
  stage.script.answer(500);
  const auto id = stage.trigger(org);
  stage.advance(60);
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  const auto now = text(stage.got("/v1/clock"), "now");
  BOOST_TEST(stage.post("/v1/reset").status == 200);
  stream.until("event: reset");
  for (const auto* list : {"/v1/organizations", "/v1/webhooks", "/v1/deliveries", "/v1/missed"}) {
    BOOST_TEST(stage.got(list).at("items").as_array().empty(), list);
  }
  BOOST_TEST(stage.get("/v1/deliveries/" + id).status == 404);
  BOOST_TEST(stage.get("/v1/webhooks/" + hook).status == 404);
  BOOST_TEST(text(stage.got("/v1/clock"), "now") == now);
  BOOST_TEST(stage.post("/v1/clock/advance", {{"seconds", 100'000}}).body().at("attempts") == 0);

  stage.script.answer(200);
  const auto again = stage.organization();
  stage.webhook(again);  // the same URL is free again
  const auto sent = stage.trigger(again);
  stage.advance(0);
  BOOST_TEST(text(stage.got("/v1/deliveries/" + sent), "state") == "delivered");
}

BOOST_AUTO_TEST_CASE(attempt_under_way_is_told_to_nobody) {
  Stage stage;
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.never_answer();
  stage.trigger(org);
  BOOST_TEST(stage.post("/v1/reset").status == 200);
  BOOST_TEST(stage.got("/v1/idle").at("idle") == true);
  BOOST_TEST(stage.got("/v1/deliveries").at("items").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
