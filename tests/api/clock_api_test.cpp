#include <boost/test/unit_test.hpp>
#include <future>

#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;

namespace {

StageOptions real_clock() {
  StageOptions options;
  options.virtual_clock = false;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_of_the_api)

BOOST_AUTO_TEST_CASE(virtual_clock_stands_still_until_it_is_advanced, *label("G6")) {
  Stage stage;
  BOOST_TEST((stage.got("/v1/clock") == json::value{{"mode", "virtual"}, {"now", "2026-11-24T12:00:00.000Z"}}));
  const auto advanced = stage.post("/v1/clock/advance", {{"seconds", 90.5}});
  BOOST_TEST(advanced.status == 200);
  BOOST_TEST(
      (advanced.body() == json::value{{"mode", "virtual"}, {"now", "2026-11-24T12:01:30.500Z"}, {"attempts", 0}}));
  BOOST_TEST(text(stage.got("/v1/clock"), "now") == "2026-11-24T12:01:30.500Z");
}

BOOST_AUTO_TEST_CASE(advance_to_next_makes_the_next_attempt_and_counts_it, *label("G6")) {
  Stage stage;
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.answer(500);
  stage.trigger(org);
  stage.advance(0);
  const auto advanced = stage.post("/v1/clock/advance", {{"to", "next"}}).body();
  BOOST_TEST(advanced.at("attempts") == 1);
  BOOST_TEST(text(advanced, "now") == "2026-11-24T12:01:00.024Z");
}

BOOST_AUTO_TEST_CASE(wishes_that_make_no_sense_are_422) {
  Stage stage;
  for (const auto* body : {"{}", R"({"seconds":-1})", R"({"seconds":"1"})", R"({"seconds":1e300})", R"({"to":"x"})",
                           R"({"seconds":1,"to":"next"})", R"({"minutes":1})", R"({"seconds":null})", "[]"}) {
    const auto reply = stage.call("POST", "/v1/clock/advance", body);
    BOOST_TEST(reply.status == 422, body);
    reply.error();
  }
  BOOST_TEST(text(stage.got("/v1/clock"), "now") == "2026-11-24T12:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(real_clock_moves_by_itself_and_cannot_be_advanced, *label("G6")) {
  Stage stage{real_clock()};
  BOOST_TEST(text(stage.got("/v1/clock"), "mode") == "real");
  const auto reply = stage.post("/v1/clock/advance", {{"seconds", 1}});
  BOOST_TEST(reply.status == 409);
  BOOST_TEST(reply.error().find("--clock virtual") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(idle_answers_when_nothing_is_in_flight) {
  Stage stage;
  BOOST_TEST((stage.got("/v1/idle") == json::value{{"idle", true}}));
  BOOST_TEST((stage.got("/v1/idle?timeout=0") == json::value{{"idle", true}}));
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.never_answer();
  stage.trigger(org);
  const auto busy = stage.get("/v1/idle?timeout=0");
  BOOST_TEST(busy.status == 504);
  busy.error();
  BOOST_TEST(stage.get("/v1/idle?timeout=x").status == 422);
}

BOOST_AUTO_TEST_CASE(a_reset_cuts_an_advance_short) {
  Stage stage;
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.answer(500);
  stage.trigger(org);
  stage.got("/v1/idle");
  stage.script.never_answer();
  auto advance = std::async(std::launch::async, [&] { return stage.post("/v1/clock/advance", {{"seconds", 3600}}); });
  while (stage.script.pushes().size() < 2) std::this_thread::yield();  // the retry is under way
  BOOST_TEST(stage.post("/v1/reset").status == 200);
  const auto cut = advance.get();
  BOOST_TEST(cut.status == 409);
  BOOST_TEST(cut.error().find("was reset") != std::string::npos);
  BOOST_TEST(stage.post("/v1/clock/advance", {{"seconds", 1}}).status == 200);
}

BOOST_AUTO_TEST_CASE(advances_that_wait_hold_up_no_other_call_and_end_when_the_engine_stops) {
  Stage stage;
  const auto org = stage.organization();
  stage.webhook(org);
  stage.script.never_answer();
  stage.trigger(org);
  std::vector<std::future<int>> waiting;
  for (int n = 0; n < 20; ++n) {
    waiting.push_back(std::async(std::launch::async, [&] {
      return stage.post("/v1/clock/advance", {{"seconds", 60}}).status;
    }));
  }
  for (int n = 0; n < 20; ++n) stage.got("/v1/clock");
  for (auto& one : waiting) BOOST_TEST((one.wait_for(std::chrono::seconds{0}) == std::future_status::timeout));
  stage.engine().stop();
  for (auto& one : waiting) BOOST_TEST(one.get() == 503);
}

BOOST_AUTO_TEST_SUITE_END()
