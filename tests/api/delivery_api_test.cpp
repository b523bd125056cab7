#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;

namespace {

struct Ready : Stage {
  std::string org = organization();
  std::string hook = webhook(org);
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deliveries_of_the_api, Ready)

BOOST_AUTO_TEST_CASE(ladder_of_one_delivery_is_shown_with_every_attempt, *label("R1") * label("R2") * label("R4")) {
  script.answer(503);
  const auto id = trigger(org);
  advance(60);
  advance(3600);
  advance(21600);
  const auto delivery = got("/v1/deliveries/" + id).as_object();
  BOOST_TEST(delivery.size() == 12U);
  BOOST_TEST(text(delivery, "webhookId") == hook);
  BOOST_TEST(text(delivery, "event") == "invoice.updated");
  BOOST_TEST(text(delivery, "entityId") == "e1");
  BOOST_TEST(text(delivery, "createdAt") == "2026-11-24T12:00:00.000Z");
  BOOST_TEST(text(delivery, "state") == "abandoned");
  BOOST_TEST(text(delivery, "reason") == "retries_exhausted");
  BOOST_TEST(delivery.at("resendOf").is_null());
  BOOST_TEST(delivery.at("nextAttemptAt").is_null());
  BOOST_TEST(text(delivery, "lostAt") == "2026-11-24T19:01:00.048Z");

  const char* scheduled[] = {"2026-11-24T12:00:00.000Z", "2026-11-24T12:01:00.012Z", "2026-11-24T13:01:00.024Z",
                             "2026-11-24T19:01:00.036Z"};
  const auto& attempts = delivery.at("attempts").as_array();
  BOOST_REQUIRE(attempts.size() == 4U);
  for (std::size_t n = 0; n < 4; ++n) {
    BOOST_TEST(attempts[n].at("number") == n + 1);
    BOOST_TEST(text(attempts[n], "scheduledAt") == scheduled[n]);
    BOOST_TEST(text(attempts[n], "startedAt") == scheduled[n]);
    BOOST_TEST(text(attempts[n], "outcome") == "bad_status");
    BOOST_TEST(attempts[n].at("status") == 503);
    BOOST_TEST(attempts[n].at("uncertain") == false);
    BOOST_TEST(attempts[n].at("phases").at("waitMs") == 12);
    BOOST_TEST(attempts[n].at("phases").at("dnsMs").is_null());
    BOOST_TEST(text(attempts[n], "answer") == "HTTP/1.1 503; Content-Type: text/html");
    BOOST_TEST(attempts[n].as_object().size() == 10U);
  }
  const auto missed = got("/v1/missed").at("items").as_array();
  BOOST_REQUIRE(missed.size() == 1U);
  BOOST_TEST(missed[0].as_object().size() == 6U);
  BOOST_TEST(text(missed[0], "deliveryId") == id);
  BOOST_TEST(text(missed[0], "reason") == "retries_exhausted");
  BOOST_TEST(text(missed[0], "at") == "2026-11-24T19:01:00.048Z");
}

BOOST_AUTO_TEST_CASE(what_was_missed_says_that_it_was_resent, *label("R4")) {
  script.answer(500);
  const auto id = trigger(org);
  advance(86400);
  BOOST_TEST(got("/v1/missed").at("items").at(0).at("resentAs").is_null());
  script.answer(200);
  const auto again = post("/v1/deliveries/" + id + "/resend");
  BOOST_TEST(again.status == 201);
  BOOST_TEST(text(got("/v1/missed").at("items").at(0), "resentAs") == text(again.body(), "id"));
  BOOST_TEST(post("/v1/deliveries/" + id + "/resend", json::object{{"x", 1}}).status == 422);
  BOOST_TEST(post("/v1/deliveries/" + id + "/resend", json::array{}).status == 422);
}

BOOST_AUTO_TEST_CASE(every_attempt_sends_the_bytes_that_the_api_shows, *label("R5") * label("D1")) {
  script.answer(500);
  const auto id = trigger(org);
  advance(86400);
  const auto shown = get("/v1/deliveries/" + id + "/body");
  BOOST_TEST(shown.text == R"({"event":"invoice.updated","data":{"id":"e1"}})");
  BOOST_TEST(script.pushes().size() == 4U);
  for (const auto& push : script.pushes()) {
    BOOST_TEST(*push.body == shown.text);
    BOOST_TEST(push.url == "https://a.example/hook");
  }
  BOOST_TEST(text(got("/v1/deliveries/" + id), "bodySha256") ==
             "3a58808c8f45271c19bb7bad8afa3924788e9b1269d0e5d6675aa9ed74dcb249");
}

BOOST_AUTO_TEST_CASE(pending_delivery_shows_when_it_goes_on, *label("R1")) {
  script.answer(500);
  const auto id = trigger(org);
  advance(0);
  const auto delivery = got("/v1/deliveries/" + id);
  BOOST_TEST(text(delivery, "state") == "pending");
  BOOST_TEST(text(delivery, "nextAttemptAt") == "2026-11-24T12:01:00.012Z");
  BOOST_TEST(delivery.at("reason").is_null());
}

BOOST_AUTO_TEST_CASE(attempt_under_way_has_no_end_yet) {
  script.never_answer();
  const auto attempt = got("/v1/deliveries/" + trigger(org)).at("attempts").at(0);
  BOOST_TEST(attempt.at("endedAt").is_null());
  BOOST_TEST(attempt.at("outcome").is_null());
  BOOST_TEST(attempt.at("status").is_null());
}

BOOST_AUTO_TEST_CASE(only_listening_webhooks_of_that_organization_get_it, *label("S1") * label("S2")) {
  const auto other = organization("Ballet");
  webhook(other, "https://b.example/");
  webhook(org, "https://c.example/", "offer.created");
  trigger(org);
  advance(0);
  BOOST_REQUIRE(script.pushes().size() == 1U);
  BOOST_TEST(script.pushes().at(0).url == "https://a.example/hook");
  BOOST_TEST(trigger(org, "event.created").empty());
}

BOOST_AUTO_TEST_CASE(webhook_event_that_does_not_exist_yet_is_pushed_too, *label("E10")) {
  webhook(org, "https://new.example/", "contract.signed");
  BOOST_TEST(!trigger(org, "contract.signed").empty());
  advance(0);
  BOOST_TEST(*script.pushes().at(0).body == R"({"event":"contract.signed","data":{"id":"e1"}})");
}

BOOST_AUTO_TEST_CASE(trigger_without_data_pushes_a_sample, *label("T4")) {
  const auto fired = made("/v1/organizations/" + org + "/trigger", {{"event", "invoice.updated"}});
  BOOST_TEST(text(fired, "event") == "invoice.updated");
  const auto id = std::string{fired.at("deliveries").at(0).as_string()};
  const auto body = got("/v1/deliveries/" + id + "/body");
  BOOST_TEST(text(body.at("data"), "id") == text(fired, "entityId"));
  BOOST_TEST(text(body.at("data"), "orgId") == org);
}

BOOST_AUTO_TEST_CASE(refused_triggers_say_what_is_wrong) {
  const auto path = "/v1/organizations/" + org + "/trigger";
  BOOST_TEST(post(path, {{"data", 1}}).status == 422);
  BOOST_TEST(post(path, {{"event", "odd"}}).status == 422);
  BOOST_TEST(post(path, {{"event", 1}}).status == 422);
  BOOST_TEST(post(path, {{"event", "a.b"}, {"dta", 1}}).error().find("dta") != std::string::npos);
  BOOST_TEST(post("/v1/organizations/nobody/trigger", {{"event", "a.b"}}).status == 404);
}

BOOST_AUTO_TEST_CASE(lists_come_in_pages_that_lose_and_repeat_nothing) {
  std::vector<std::string> fired;
  for (int n = 0; n < 7; ++n) fired.push_back(trigger(org));
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = got("/v1/deliveries?limit=3&cursor=" + cursor);
    for (const auto& item : page.at("items").as_array()) seen.push_back(text(item, "id"));
    cursor = page.at("next").is_null() ? "" : text(page, "next");
  } while (!cursor.empty());
  BOOST_TEST(seen == fired, boost::test_tools::per_element());
  BOOST_TEST(get("/v1/deliveries?cursor=nobody").status == 422);
  for (const auto* limit : {"0", "1001", "x", "-1", "1.5"}) {
    BOOST_TEST(get(std::string{"/v1/deliveries?limit="} + limit).status == 422, limit);
  }
}

BOOST_AUTO_TEST_CASE(lists_are_filtered_by_webhook_state_and_event) {
  const auto offers = webhook(org, "https://o.example/", "offer.created");
  trigger(org);
  trigger(org, "offer.created");
  advance(0);
  script.answer(500);
  trigger(org);
  advance(0);
  const auto count = [&](const std::string& query) {
    return got("/v1/deliveries?" + query).at("items").as_array().size();
  };
  BOOST_TEST(count("") == 3U);
  BOOST_TEST(count("webhook=" + hook) == 2U);
  BOOST_TEST(count("webhook=" + offers) == 1U);
  BOOST_TEST(count("state=pending") == 1U);
  BOOST_TEST(count("state=delivered") == 2U);
  BOOST_TEST(count("event=offer.created") == 1U);
  BOOST_TEST(count("state=delivered&webhook=" + hook) == 1U);
  BOOST_TEST(get("/v1/deliveries?state=lost").status == 422);
}

BOOST_AUTO_TEST_CASE(missed_is_abandoned_or_dropped_as_in_the_list_of_what_was_missed, *label("R4") * label("X3")) {
  trigger(org);
  advance(0);
  script.answer(500);
  trigger(org);
  advance(86400);
  trigger(org);
  advance(0);
  BOOST_TEST(got("/v1/deliveries/count?state=missed").at("total") == 1);
  BOOST_TEST(call("DELETE", "/v1/webhooks/" + hook).status == 200);
  const auto count = got("/v1/deliveries/count?state=missed").as_object();
  BOOST_TEST(count.at("total") == 2);
  BOOST_TEST(count.at("states").at("abandoned") == 1);
  BOOST_TEST(count.at("states").at("dropped") == 1);
  const auto deliveries = got("/v1/deliveries?state=missed").at("items").as_array();
  const auto missed = got("/v1/missed").at("items").as_array();
  BOOST_TEST_REQUIRE(deliveries.size() == 2U);
  BOOST_TEST_REQUIRE(missed.size() == 2U);
  for (std::size_t n = 0; n < 2; ++n) BOOST_TEST(text(missed[n], "at") == text(deliveries[n], "lostAt"));
}

BOOST_AUTO_TEST_CASE(only_what_was_lost_has_a_moment_of_its_loss, *label("X3") * label("G2")) {
  const auto delivered = trigger(org);
  advance(0);
  BOOST_TEST(got("/v1/deliveries/" + delivered).at("attempts").at(0).at("answer").is_null());
  script.answer(500);
  const auto pending = trigger(org);
  advance(10);
  BOOST_TEST(got("/v1/deliveries/" + delivered).at("lostAt").is_null());
  BOOST_TEST(got("/v1/deliveries/" + pending).at("lostAt").is_null());
  BOOST_TEST(call("DELETE", "/v1/webhooks/" + hook).status == 200);
  BOOST_TEST(text(got("/v1/deliveries/" + pending), "lostAt") == text(got("/v1/clock"), "now"));
}

BOOST_AUTO_TEST_CASE(outcome_any_shows_those_of_which_an_attempt_has_ended) {
  const auto tried = trigger(org);
  advance(0);
  script.never_answer();
  trigger(org);
  BOOST_TEST(got("/v1/deliveries/count").at("total") == 2);
  BOOST_TEST(got("/v1/deliveries/count?outcome=any").at("total") == 1);
  BOOST_TEST(text(got("/v1/deliveries?outcome=any&order=newest").at("items").at(0), "id") == tried);
}

BOOST_AUTO_TEST_CASE(resend_starts_a_new_ladder_with_the_same_bytes) {
  script.answer(500);
  const auto id = trigger(org);
  advance(0);
  const auto path = "/v1/deliveries/" + id + "/resend";
  BOOST_TEST(post(path).status == 409);
  advance(86400);
  script.answer(200);
  const auto again = post(path);
  BOOST_TEST(again.status == 201);
  BOOST_TEST(text(again.body(), "resendOf") == id);
  advance(0);
  BOOST_TEST(text(got("/v1/deliveries/" + text(again.body(), "id")), "state") == "delivered");
  BOOST_TEST(*script.pushes().back().body == *script.pushes().front().body);
  call("DELETE", "/v1/webhooks/" + hook);
  BOOST_TEST(post(path).status == 409);
}

BOOST_AUTO_TEST_CASE(unknown_delivery_is_404) {
  for (const auto* path : {"/v1/deliveries/nobody", "/v1/deliveries/nobody/body"}) {
    BOOST_TEST(get(path).status == 404, path);
  }
  BOOST_TEST(post("/v1/deliveries/nobody/resend").status == 404);
}

BOOST_AUTO_TEST_CASE(newest_first_is_the_same_list_from_its_other_end) {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) made.push_back(trigger(org));
  const auto first = got("/v1/deliveries?order=newest&limit=3").as_object();
  const auto second = got("/v1/deliveries?order=newest&limit=3&cursor=" + text(first, "next")).as_object();
  BOOST_TEST(second.at("next").is_null());
  std::vector<std::string> listed;
  for (const auto* page : {&first, &second})
    for (const auto& one : page->at("items").as_array()) listed.push_back(text(one, "id"));
  std::reverse(listed.begin(), listed.end());
  BOOST_TEST(listed == made, boost::test_tools::per_element());
  BOOST_TEST(get("/v1/deliveries?order=best").status == 422);
}

BOOST_AUTO_TEST_CASE(filters_by_the_last_outcome_and_the_entity) {
  script.answer(503);
  const auto failing = trigger(org);
  advance(0);
  script.answer(200);
  trigger(org);
  advance(0);
  const auto only = [&](const std::string& query) {
    const auto items = got("/v1/deliveries?" + query).at("items").as_array();
    return items.size() == 1 ? text(items[0], "id") : std::to_string(items.size());
  };
  BOOST_TEST(only("outcome=bad_status") == failing);
  BOOST_TEST(only("outcome=timeout") == "0");
  BOOST_TEST(only("outcome=bad_status&entity=e") == failing);
  BOOST_TEST(only("entity=e") == "2");
  BOOST_TEST(only("entity=x") == "0");
  advance(60);
  BOOST_TEST(only("outcome=bad_status") == "0");
  BOOST_TEST(get("/v1/deliveries?outcome=late").status == 422);
}

BOOST_AUTO_TEST_CASE(counts_fit_the_list_and_tell_what_is_due_next) {
  script.answer(503);
  trigger(org);
  advance(0);
  script.answer(200);
  trigger(org);
  advance(0);
  const auto count = got("/v1/deliveries/count").as_object();
  BOOST_TEST(count.at("total").as_int64() == 2);
  BOOST_TEST(count.at("states").at("pending").as_int64() == 1);
  BOOST_TEST(count.at("states").at("delivered").as_int64() == 1);
  BOOST_TEST(text(count, "nextAttemptAt") == "2026-11-24T12:01:00.012Z");
  call("DELETE", "/v1/webhooks/" + hook);
  const auto after = got("/v1/deliveries/count?webhook=" + hook + "&state=dropped").as_object();
  BOOST_TEST(after.at("total").as_int64() == 1);
  BOOST_TEST(after.at("reasons").at("deleted").as_int64() == 1);
  BOOST_TEST(after.at("nextAttemptAt").is_null());
}

BOOST_AUTO_TEST_CASE(raw_body_is_sent_as_it_stands, *label("R5")) {
  const std::string body = R"({"event":"invoice.updated","data":)";
  const auto fired =
      made("/v1/organizations/" + org + "/trigger", {{"event", "invoice.updated"}, {"body", body}}).as_object();
  BOOST_TEST(fired.at("entityId").is_null());
  advance(0);
  BOOST_TEST_REQUIRE(script.pushes().size() == 1U);
  BOOST_TEST(*script.pushes().front().body == body);
  const auto both = post("/v1/organizations/" + org + "/trigger",
                         {{"event", "invoice.updated"}, {"body", body}, {"data", json::object{}}});
  BOOST_TEST(both.status == 422);
}

BOOST_AUTO_TEST_SUITE_END()
