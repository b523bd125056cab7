#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;

namespace {

struct Opera : Stage {
  std::string org = organization();
  std::string all = "/v1/organizations/" + org;

  void listen(const std::string& event) { webhook(org, "https://" + event + ".example/", event); }
  std::vector<std::string> pushed() const {
    advance(0);
    std::vector<std::string> events;
    for (const auto& push : script.pushes()) events.push_back(push.url.substr(8, push.url.find(".example") - 8));
    return events;
  }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(entities_of_the_api, Opera)

BOOST_AUTO_TEST_CASE(organizations_are_listed_as_created) {
  organization("Ballet");
  const auto items = got("/v1/organizations").at("items").as_array();
  BOOST_REQUIRE(items.size() == 2U);
  BOOST_TEST((items[0] == json::value{{"id", org}, {"name", "Opera"}}));
  BOOST_TEST(text(items[1], "name") == "Ballet");
  BOOST_TEST(post("/v1/organizations", json::object{}).status == 422);
  BOOST_TEST(post("/v1/organizations", {{"name", ""}}).status == 422);
}

BOOST_AUTO_TEST_CASE(life_of_an_event_fires_created_updated_deleted, *label("E1") * label("E2") * label("E3")) {
  for (const auto* event : {"event.created", "event.updated", "event.deleted"}) listen(event);
  const auto created = made(all + "/events", {{"title", "Aida"}});
  const auto one = all + "/events/" + text(created, "id");
  BOOST_TEST((got(one) == created));
  const auto patched = call("PATCH", one, R"({"title":"Tosca","status":"confirmed"})");
  BOOST_TEST(patched.status == 200);
  BOOST_TEST(text(patched.body(), "title") == "Tosca");
  BOOST_TEST(text(patched.body(), "lastUpdatedAt") == "2026-11-24T12:00:01Z");
  BOOST_TEST(call("PATCH", one, R"({"title":"Tosca"})").status == 200);
  BOOST_TEST((call("DELETE", one).body() == patched.body()));
  BOOST_TEST(get(one).status == 404);
  BOOST_TEST(pushed() == (Names{"event.created", "event.updated", "event.deleted"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(invoices_start_as_drafts_and_only_drafts_are_deleted, *label("E5") * label("E6")) {
  listen("invoice.deleted");
  const auto invoice = made(all + "/invoices", json::object{});
  BOOST_TEST(text(invoice, "status") == "draft");
  const auto one = all + "/invoices/" + text(invoice, "id");
  call("PATCH", one, R"({"status":"sent"})");
  const auto refused = call("DELETE", one);
  BOOST_TEST(refused.status == 409);
  refused.error();
  call("PATCH", one, R"({"status":"draft"})");
  BOOST_TEST(call("DELETE", one).status == 200);
  BOOST_TEST(pushed() == (Names{"invoice.deleted"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bulk_creates_all_or_nothing_and_pushes_each, *label("D9") * label("E7") * label("E8")) {
  listen("offer.created");
  listen("offer.deleted");
  const auto bulk = made(all + "/offers", json::array{json::object{{"n", 1}}, json::object{{"n", 2}}});
  const auto& items = bulk.at("items").as_array();
  BOOST_REQUIRE(items.size() == 2U);
  BOOST_TEST(post(all + "/offers", json::array{json::object{}, json::object{{"id", "x"}}}).status == 422);
  BOOST_TEST(post(all + "/offers", json::array{json::object{}, 1}).status == 422);
  BOOST_TEST(post(all + "/offers", json::array{}).status == 422);
  BOOST_TEST(got(all + "/offers").at("items").as_array().size() == 2U);

  const json::array ids{items[0].at("id"), items[1].at("id")};
  BOOST_TEST(post(all + "/offers/delete", {{"ids", json::array{ids[0], "nobody"}}}).status == 404);
  BOOST_TEST(post(all + "/offers/delete", {{"ids", json::array{}}}).status == 422);
  const auto deleted = post(all + "/offers/delete", {{"ids", ids}});
  BOOST_TEST(deleted.status == 200);
  BOOST_TEST((deleted.body() == bulk));
  BOOST_TEST(pushed().size() == 4U);
}

BOOST_AUTO_TEST_CASE(archiving_is_an_update_and_events_only, *label("E11")) {
  listen("event.updated");
  const auto one = all + "/events/" + text(made(all + "/events", json::object{}), "id");
  BOOST_TEST(post(one + "/archive").body().at("sampleArchived") == true);
  BOOST_TEST(post(one + "/archive").status == 200);
  BOOST_TEST(post(one + "/unarchive").body().at("sampleArchived") == false);
  BOOST_TEST(pushed().size() == 2U);
  const auto offer = all + "/offers/" + text(made(all + "/offers", json::object{}), "id");
  BOOST_TEST(post(offer + "/archive").status == 404);
}

BOOST_AUTO_TEST_CASE(fields_that_are_left_out_are_in_no_answer, *label("T3")) {
  const Stage sparse{{.rules = {.archive_fires = {}, .without_fields = {"createdAt", "lastUpdatedAt", "orgId"}}}};
  const auto events = "/v1/organizations/" + sparse.organization() + "/events";
  const auto made = sparse.made(events, {{"a", 1}}).as_object();
  const auto one = events + '/' + text(made, "id");
  const json::object expected{{"id", made.at("id")}, {"a", 1}};
  BOOST_TEST(made == expected);
  BOOST_TEST(sparse.got(one) == expected);
  BOOST_TEST(sparse.got(events).at("items").at(0) == expected);
  BOOST_TEST(sparse.call("PATCH", one, R"({"a":1})").body() == expected);
  BOOST_TEST(sparse.call("PATCH", one, R"({"createdAt":"now"})").status == 422);
  BOOST_TEST(sparse.call("DELETE", one).body() == expected);
  BOOST_TEST(sparse.post(one + "/restore").body() == expected);
}

BOOST_AUTO_TEST_CASE(restored_entity_comes_back_later, *label("T6")) {
  const auto offer = made(all + "/offers", json::object{});
  const auto one = all + "/offers/" + text(offer, "id");
  BOOST_TEST(post(one + "/restore").status == 409);
  call("DELETE", one);
  const auto restored = post(one + "/restore");
  BOOST_TEST(restored.status == 200);
  BOOST_TEST(text(restored.body(), "lastUpdatedAt") > text(offer, "lastUpdatedAt"));
  BOOST_TEST(get(one).status == 200);
}

BOOST_AUTO_TEST_CASE(fields_are_sent_and_shown_as_they_are_spelled, *label("D1") * label("T4")) {
  listen("offer.created");
  const std::string fields = R"("price":1.10,"big":123456789012345678901,"zero":-0.0,"slash":"\/")";
  const auto created = call("POST", all + "/offers", "{ " + fields + "}");
  BOOST_TEST(created.status == 201);
  BOOST_TEST(created.text.find(fields) != std::string::npos, created.text);
  const auto bulk = call("POST", all + "/offers", "[{" + fields + R"(},{"n":2.50}])");
  BOOST_TEST(bulk.text.find(fields) != std::string::npos, bulk.text);
  BOOST_TEST(get(all + "/offers?limit=1&order=newest").text.find(R"("n":2.50)") != std::string::npos);
  advance(0);
  BOOST_REQUIRE(script.pushes().size() == 3U);
  BOOST_TEST(script.pushes()[0].body->find(fields) != std::string::npos, *script.pushes()[0].body);
}

BOOST_AUTO_TEST_CASE(an_object_with_a_name_twice_is_refused_and_triggered_data_may_have_it, *label("T4")) {
  for (const auto* body : {R"({"a":1,"a":2})", R"({"x":[{"a":1,"\u0061":2}]})", R"([{"b":1},{"a":1,"a":2}])"}) {
    BOOST_TEST(call("POST", all + "/offers", body).status == 422, body);
  }
  listen("offer.updated");
  const auto fired = call("POST", all + "/trigger", R"({"event":"offer.updated","data":{"a":1.10,"a":2}})");
  BOOST_TEST(fired.status == 201);
  BOOST_TEST(call("POST", all + "/trigger", R"({"event":"a.b","event":"offer.updated"})").status == 422);
  advance(0);
  BOOST_REQUIRE(script.pushes().size() == 1U);
  BOOST_TEST(*script.pushes()[0].body == R"({"event":"offer.updated","data":{"a":1.10,"a":2}})");
}

BOOST_AUTO_TEST_CASE(header_fields_are_refused, *label("T3")) {
  const auto one = all + "/offers/" + text(made(all + "/offers", json::object{}), "id");
  for (const auto* field : {"id", "orgId", "createdAt", "lastUpdatedAt"}) {
    BOOST_TEST(call("PATCH", one, json::serialize(json::object{{field, "x"}})).status == 422, field);
  }
  BOOST_TEST(call("PATCH", one, "[]").status == 422);
  BOOST_TEST(call("PATCH", one, "{").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
