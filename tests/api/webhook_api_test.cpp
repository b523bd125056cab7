#include <boost/test/unit_test.hpp>

#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;

namespace {

struct Desk : Stage {
  std::string org = organization();

  Reply create(const std::string& url) const {
    return post("/v1/webhooks", {{"orgId", org}, {"url", url}, {"events", json::array{"offer.created"}}});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(webhooks_of_the_api, Desk)

BOOST_AUTO_TEST_CASE(created_webhook_has_every_member_and_is_enabled, *label("S2")) {
  const auto reply = create("https://A.example/hook?x=1");
  BOOST_TEST(reply.status == 201);
  const auto webhook = reply.body().as_object();
  BOOST_TEST(webhook.size() == 7U);
  BOOST_TEST(text(webhook, "orgId") == org);
  BOOST_TEST(text(webhook, "url") == "https://A.example/hook?x=1");
  BOOST_TEST((webhook.at("events") == json::array{"offer.created"}));
  BOOST_TEST(text(webhook, "state") == "enabled");
  BOOST_TEST(webhook.at("consecutiveFailures") == 0);
  BOOST_TEST(webhook.at("disabledAt").is_null());
  BOOST_TEST((got("/v1/webhooks/" + text(webhook, "id")) == webhook));
  BOOST_TEST((got("/v1/webhooks").at("items").as_array().at(0) == webhook));
}

BOOST_AUTO_TEST_CASE(refused_registrations_say_what_is_wrong, *label("D6") * label("S2") * label("T5")) {
  const json::array events{"offer.created"};
  const struct {
    json::value body;
    int status;
    std::string named;
  } rows[] = {
      {{{"url", "https://a.example/"}, {"events", events}}, 422, "orgId"},
      {{{"orgId", org}, {"events", events}}, 422, "url"},
      {{{"orgId", org}, {"url", "https://a.example/"}}, 422, "events"},
      {{{"orgId", org}, {"url", "https://a.example/"}, {"events", json::array{}}}, 422, "events"},
      {{{"orgId", org}, {"url", "https://a.example/"}, {"events", "offer.created"}}, 422, "events"},
      {{{"orgId", org}, {"url", "https://a.example/"}, {"events", json::array{1}}}, 422, "events"},
      {{{"orgId", org}, {"url", "https://a.example/"}, {"events", json::array{"offer"}}}, 422, "word.word"},
      {{{"orgId", org}, {"url", "https://a.example/"}, {"events", events}, {"Url", 1}}, 422, "Url"},
      {{{"orgId", "nobody"}, {"url", "https://a.example/"}, {"events", events}}, 404, "organization"},
      {{{"orgId", org}, {"url", 7}, {"events", events}}, 422, "url"},
      {{{"orgId", org}, {"url", "http://a.example/secret"}, {"events", events}}, 422, "--allow-http"},
      {{{"orgId", org}, {"url", "https://localhost/secret"}, {"events", events}}, 422, "--allow-local"},
      {{{"orgId", org}, {"url", "https://10.0.0.1/secret"}, {"events", events}}, 422, "--allow-net"},
      {{{"orgId", org}, {"url", "https://intranet.example/secret"}, {"events", events}}, 422, "10.0.0.1"},
      {{{"orgId", org}, {"url", "secret"}, {"events", events}}, 422, "url"},
      {json::array{}, 422, "object"},
  };
  for (const auto& row : rows) {
    const auto reply = post("/v1/webhooks", row.body);
    BOOST_TEST(reply.status == row.status, reply.text);
    BOOST_TEST(reply.error().find(row.named) != std::string::npos, reply.text);
    BOOST_TEST(reply.text.find("secret") == std::string::npos, reply.text);
  }
  BOOST_TEST(got("/v1/webhooks").at("items").as_array().empty());
}

BOOST_AUTO_TEST_CASE(organization_is_made_with_its_first_webhook_or_not_at_all, *label("S1")) {
  const auto register_for = [&](const std::string& url, const json::array& events) {
    return post("/v1/webhooks", {{"orgName", "Ballet"}, {"url", url}, {"events", events}});
  };
  const auto organizations = [&] { return got("/v1/organizations").at("items").as_array(); };
  BOOST_TEST(register_for("http://a.example/hook", {"offer.created"}).status == 422);
  BOOST_TEST(register_for("https://a.example/hook", {"offer"}).status == 422);
  BOOST_TEST(register_for("https://a.example/hook", {}).status == 422);
  BOOST_TEST(organizations().size() == 1U);
  const auto made = register_for("https://a.example/hook", {"offer.created"});
  BOOST_TEST(made.status == 201, made.text);
  BOOST_TEST_REQUIRE(organizations().size() == 2U);
  BOOST_TEST(text(organizations().at(1), "name") == "Ballet");
  BOOST_TEST(text(organizations().at(1), "id") == text(made.body(), "orgId"));
  const json::value both{
      {"orgId", org}, {"orgName", "Third"}, {"url", "https://b.example/"}, {"events", {"offer.created"}}};
  BOOST_TEST(post("/v1/webhooks", both).status == 422);
}

BOOST_AUTO_TEST_CASE(trigger_tells_which_deliveries_a_disabled_webhook_missed, *label("X3")) {
  const auto hook = webhook(org, "https://a.example/hook", "offer.created");
  const json::value event{{"event", "offer.created"}};
  BOOST_TEST(made("/v1/organizations/" + org + "/trigger", event).at("missed").as_array().empty());
  script.answer(500);
  for (int i = 0; i < 20; ++i) trigger(org, "offer.created");
  advance(0);
  BOOST_TEST_REQUIRE(text(got("/v1/webhooks/" + hook), "state") == "disabled");
  const auto fired = made("/v1/organizations/" + org + "/trigger", event);
  BOOST_TEST(fired.at("deliveries").as_array().size() == 1U);
  BOOST_TEST((fired.at("missed") == fired.at("deliveries")));
}

BOOST_AUTO_TEST_CASE(name_that_does_not_resolve_now_is_accepted, *label("D6")) {
  BOOST_TEST(create("https://unknown.example/").status == 201);
}

BOOST_AUTO_TEST_CASE(same_url_in_another_spelling_is_a_conflict, *label("G3")) {
  BOOST_TEST(create("https://a.example/hook").status == 201);
  const auto again = create("HTTPS://A.EXAMPLE:443/x/../hook");
  BOOST_TEST(again.status == 409);
  BOOST_TEST(again.error().find("/hook") == std::string::npos);
  webhook(organization("Ballet"), "https://a.example/hook");
}

BOOST_AUTO_TEST_CASE(delete_by_url_asks_for_the_organization_when_two_have_it, *label("S3") * label("G3")) {
  const auto other = organization("Ballet");
  const auto first = webhook(org), second = webhook(other);
  const auto ambiguous = post("/v1/webhooks/delete", {{"url", "https://a.example/hook"}});
  BOOST_TEST(ambiguous.status == 409);
  BOOST_TEST(ambiguous.error().find(org) != std::string::npos);
  BOOST_TEST(ambiguous.error().find(other) != std::string::npos);

  const auto deleted = post("/v1/webhooks/delete", {{"url", "https://A.example:443/hook"}, {"orgId", other}});
  BOOST_TEST(deleted.status == 200);
  BOOST_TEST(text(deleted.body(), "id") == second);
  BOOST_TEST(text(deleted.body(), "state") == "deleted");
  BOOST_TEST(text(post("/v1/webhooks/delete", {{"url", "https://a.example/hook"}}).body(), "id") == first);
  BOOST_TEST(post("/v1/webhooks/delete", {{"url", "https://a.example/hook"}}).status == 404);
}

BOOST_AUTO_TEST_CASE(deleting_keeps_history_drops_retries_and_frees_the_url, *label("G2")) {
  script.answer(500);
  const auto id = webhook(org);
  const auto delivery = trigger(org);
  advance(0);
  const auto path = "/v1/webhooks/" + id;
  BOOST_TEST(text(call("DELETE", path).body(), "state") == "deleted");
  BOOST_TEST(call("DELETE", path).status == 200);
  advance(86400);
  const auto dropped = got("/v1/deliveries/" + delivery);
  BOOST_TEST(text(dropped, "state") == "dropped");
  BOOST_TEST(text(dropped, "reason") == "deleted");
  BOOST_TEST(dropped.at("attempts").as_array().size() == 1U);
  BOOST_TEST(post(path + "/enable").status == 409);
  BOOST_TEST(webhook(org) != id);
}

BOOST_AUTO_TEST_CASE(twenty_failures_disable_and_enabling_starts_anew,
                     *label("X2") * label("X3") * label("X4") * label("G1")) {
  script.answer(500);
  const auto id = webhook(org);
  for (int n = 0; n < 19; ++n) trigger(org);
  advance(0);
  auto webhook = got("/v1/webhooks/" + id);
  BOOST_TEST(text(webhook, "state") == "enabled");
  BOOST_TEST(webhook.at("consecutiveFailures") == 19);

  trigger(org);
  advance(0);
  webhook = got("/v1/webhooks/" + id);
  BOOST_TEST(text(webhook, "state") == "disabled");
  BOOST_TEST(text(webhook, "disabledAt").starts_with("2026-11-24T12:00:00."));

  script.answer(200);
  const auto during = trigger(org);
  BOOST_TEST(text(got("/v1/deliveries/" + during), "reason") == "webhook_disabled_before");
  BOOST_TEST(got("/v1/missed?webhook=" + id).at("items").as_array().size() == 21U);

  const auto enabled = post("/v1/webhooks/" + id + "/enable");
  BOOST_TEST(enabled.status == 200);
  BOOST_TEST(text(enabled.body(), "state") == "enabled");
  BOOST_TEST(enabled.body().at("consecutiveFailures") == 0);
  advance(86400);
  BOOST_TEST(script.pushes().size() == 20U);
  trigger(org);
  advance(0);
  BOOST_TEST(script.pushes().size() == 21U);
}

BOOST_AUTO_TEST_CASE(enabling_an_enabled_webhook_changes_nothing, *label("X4")) {
  script.answer(500);
  const auto id = webhook(org);
  trigger(org);
  advance(0);
  const auto reply = post("/v1/webhooks/" + id + "/enable");
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.body().at("consecutiveFailures") == 1);
}

BOOST_AUTO_TEST_CASE(unknown_webhook_is_404) {
  for (const auto* path : {"/v1/webhooks/nobody", "/v1/deliveries?webhook=nobody", "/v1/missed?webhook=nobody"}) {
    BOOST_TEST(get(path).status == 404, path);
  }
  BOOST_TEST(call("DELETE", "/v1/webhooks/nobody").status == 404);
  BOOST_TEST(post("/v1/webhooks/nobody/enable").status == 404);
}

BOOST_AUTO_TEST_CASE(events_that_only_trigger_fires_are_named, *label("E10") * label("E11")) {
  Stage stage{{.rules = {.archive_fires = "event.archived", .without_fields = {}}}};
  const auto note = [&](const json::array& events) {
    const json::object wish{{"orgName", "Opera"}, {"url", "https://a.example/hook"}, {"events", events}};
    const auto made = stage.post("/v1/webhooks", wish);
    BOOST_TEST_REQUIRE(made.status == 201, made.text);
    const auto webhook = made.body().as_object();
    return webhook.contains("note") ? text(webhook, "note") : std::string{};
  };
  BOOST_TEST(note({"event.updated", "event.archived"}) == "");
  BOOST_TEST(note({"event.archived", "event.moved"}) ==
             "only trigger fires what Prospero does not have (E10): event.moved");
}

BOOST_AUTO_TEST_SUITE_END()
