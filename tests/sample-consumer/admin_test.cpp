#include "consumer/admin.hpp"

#include <httplib.h>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <prospero/webhooks/receive/receiver.hpp>

namespace pw = prospero::webhooks;
namespace json = boost::json;
using consumer::AdminRequest;

namespace {

struct Admin {
  std::unique_ptr<pw::Inbox> inbox = pw::open_inbox("memory:");
  bool draining = false;
  consumer::AdminRoutes routes;

  explicit Admin(consumer::AdminAccess access = {})
      : routes(*inbox, std::move(access), [this] { return std::string(draining ? "stopping" : ""); }) {}

  void push(const std::string& body) {
    pw::ReceiverOptions options;
    options.hooks = {{"/hook", ""}};
    BOOST_TEST(pw::Receiver(*inbox, options).receive({"POST", "/hook", "", body}).status == 200);
  }
  consumer::AdminAnswer get(const std::string& path, std::map<std::string, std::string> query = {}) const {
    return routes.answer({"GET", path, std::move(query), "localhost:1", ""});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(admin)

BOOST_AUTO_TEST_CASE(rows_come_newest_first_and_page_by_page) {
  Admin admin;
  for (const char* body : {R"({"event":"a","data":1})", R"({"event":"b","data":1})", "malformed"}) admin.push(body);
  const auto first = json::parse(admin.get("/inbox", {{"limit", "2"}}).body);
  const auto& newest = first.at("items").at(0);
  BOOST_TEST(newest.at("state") == "quarantined");
  BOOST_TEST(newest.at("event").is_null());
  BOOST_TEST(newest.at("entityId").is_null());
  BOOST_TEST(newest.at("freshness").is_null());
  BOOST_TEST(newest.at("identity").as_string().size() == 64u);
  BOOST_TEST(newest.at("receivedAt").as_string().size() == 24u);
  BOOST_TEST(newest.at("family").is_null());
  BOOST_TEST(!newest.at("error").as_string().empty());
  BOOST_TEST(newest.as_object().size() == 11u);
  const std::string cursor = json::serialize(first.at("next"));
  const auto second = json::parse(admin.get("/inbox", {{"cursor", cursor}}).body);
  BOOST_TEST(second.at("items").as_array().size() == 1u);
  BOOST_TEST(second.at("items").at(0).at("event") == "a");
  BOOST_TEST(second.at("items").at(0).at("error").is_null());
  BOOST_TEST(second.at("next").is_null());
  for (const char* bad : {"0", "1001", "-1", "x", ""}) BOOST_TEST(admin.get("/inbox", {{"limit", bad}}).status == 400);
  BOOST_TEST(admin.get("/inbox", {{"cursor", "x"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(the_witness_is_one_json_line_per_identity) {
  Admin admin;
  admin.push("malformed");
  const auto line = json::parse(admin.get("/witness").body);
  BOOST_TEST(line.at("result") == "quarantined");
  BOOST_TEST(line.at("times") == 0);
}

BOOST_AUTO_TEST_CASE(health_stays_while_readiness_ends_with_the_drain) {
  Admin admin;
  BOOST_TEST(admin.get("/readyz").status == 200);
  admin.draining = true;
  BOOST_TEST(admin.get("/readyz").status == 503);
  BOOST_TEST(admin.get("/healthz").status == 200);
}

BOOST_AUTO_TEST_CASE(a_consumer_may_have_more_reasons_not_to_be_ready) {
  const auto inbox = pw::open_inbox("memory:");
  std::string why = "disk nearly full";
  const consumer::AdminRoutes routes(*inbox, {}, [&why] { return why; });
  const auto ready = [&] { return routes.answer({"GET", "/readyz", {}, "localhost", ""}); };
  BOOST_TEST(ready().status == 503);
  BOOST_TEST(json::parse(ready().body).at("error") == "disk nearly full");
  why.clear();
  BOOST_TEST(ready().status == 200);
  BOOST_TEST(routes.answer({"GET", "/metrics", {}, "localhost", ""}).status == 404);
}

BOOST_AUTO_TEST_CASE(metrics_come_as_text) {
  const auto inbox = pw::open_inbox("memory:");
  const consumer::AdminRoutes routes(
      *inbox, {}, [] { return std::string(); }, [] { return "a 1\n"; });
  const auto page = routes.answer({"GET", "/metrics", {}, "localhost", ""});
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body == "a 1\n");
  BOOST_TEST(page.content_type.starts_with("text/plain; version=0.0.4"));
}

BOOST_AUTO_TEST_CASE(errors_have_one_shape) {
  Admin admin;
  const auto wrong = admin.routes.answer({"POST", "/inbox", {}, "localhost", ""});
  BOOST_TEST(wrong.status == 405);
  BOOST_TEST(wrong.allow == "GET, HEAD");
  BOOST_TEST(json::parse(admin.get("/nowhere").body).at("status") == 404);
}

BOOST_AUTO_TEST_CASE(changes_are_posted_as_json_and_never_by_a_web_page) {
  Admin admin;
  admin.push("malformed");
  const auto post = [&](const std::string& path, const std::string& body, const std::string& type = "application/json",
                        const std::string& origin = "") {
    return admin.routes.answer({"POST", path, {}, "localhost", "", origin, type, body});
  };
  BOOST_TEST(post("/inbox/purge", R"({"olderThanMs": 3600000})").body == "{\"changed\":0}\n");
  BOOST_TEST(post("/inbox/purge", R"({"olderThanMs": 0})", "application/json", "https://evil.example").status == 403);
  BOOST_TEST(post("/inbox/purge", R"({"olderThanMs": 0})", "text/plain").status == 415);
  BOOST_TEST(admin.get("/inbox/purge").allow == "POST");
  for (const char* bad : {"", "[]", "{}", R"({"olderThanMs": -1})", R"({"olderThanMs": "1"})"})
    BOOST_TEST(post("/inbox/purge", bad).status == 400);
  for (const char* bad : {"{}", R"({"rows": []})", R"({"rows": [0]})", R"({"rows": ["1"]})", R"({"all": "some"})"})
    BOOST_TEST(post("/inbox/retry", bad).status == 400);
  BOOST_TEST(post("/inbox/retry", R"({"rows": [1]})").status == 409);
  BOOST_TEST(post("/inbox/retry", R"({"all": "dead"})").body == "{\"changed\":0}\n");
  BOOST_TEST(post("/inbox/replay", R"({"all": "quarantined"})").body == "{\"changed\":0}\n");
  BOOST_TEST(post("/inbox/erase", R"({"family": "invoice", "entityId": "x"})").status == 400);
  BOOST_TEST(
      post("/inbox/erase", R"({"family": "invoice", "entityId": "6f1c2a00-8d3e-11ee-b962-0242ac120001"})").status ==
      409);
  BOOST_TEST(post("/inbox/explode", "{}").status == 404);
}

BOOST_AUTO_TEST_CASE(stop_refuses_changes, *boost::unit_test::label("R3")) {
  Admin admin;
  admin.push("malformed");
  admin.routes.stop();
  const auto answer = admin.routes.answer(
      {"POST", "/inbox/purge", {}, "localhost", "", "", "application/json", R"({"olderThanMs": 0})"});
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.body.find("what was changed so far stays") != std::string::npos);
  BOOST_TEST(admin.inbox->counts().quarantined == 1u);
}

BOOST_AUTO_TEST_CASE(gaps_are_listed) {
  Admin admin;
  BOOST_TEST(json::parse(admin.get("/inbox/gaps").body).at("items").as_array().empty());
}

BOOST_AUTO_TEST_CASE(only_this_machine_and_the_holder_of_the_token_get_in) {
  Admin local;
  const auto from = [&](const std::string& host) {
    return local.routes.answer({"GET", "/healthz", {}, host, ""}).status;
  };
  for (const char* good : {"localhost", "localhost:80", "127.0.0.1:1", "[::1]", "[::1]:80"})
    BOOST_TEST(from(good) == 200);
  for (const char* bad : {"", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example"})
    BOOST_TEST(from(bad) == 403);

  Admin guarded({"t0ken", false});
  const auto with = [&](const std::string& authorization) {
    return guarded.routes.answer({"GET", "/healthz", {}, "any", authorization}).status;
  };
  BOOST_TEST(with("Bearer t0ken") == 200);
  for (const char* bad : {"", "Bearer", "Bearer ", "Bearer t0kem", "Bearer t0ken2", "t0ken"})
    BOOST_TEST(with(bad) == 401);
}

BOOST_AUTO_TEST_CASE(it_is_served_over_http_on_a_port_of_its_own) {
  Admin admin;
  const consumer::AdminServer server(admin.routes, {"127.0.0.1", 0});
  httplib::Client client("127.0.0.1", server.port());
  const auto page = client.Get("/inbox?limit=1");
  BOOST_TEST_REQUIRE(static_cast<bool>(page));
  BOOST_TEST(page->status == 200);
  BOOST_TEST(json::parse(page->body).at("items").as_array().empty());
  const auto refused = client.Delete("/inbox");
  BOOST_TEST_REQUIRE(static_cast<bool>(refused));
  BOOST_TEST(refused->status == 405);
  BOOST_TEST(refused->get_header_value("Allow") == "GET, HEAD");
  const auto too_large = client.Post("/inbox/retry", std::string(65u << 10, ' '), "application/json");
  BOOST_TEST_REQUIRE(static_cast<bool>(too_large));
  BOOST_TEST(too_large->status == 413);
  BOOST_TEST(too_large->body.find("over 64 KiB: name fewer rows") != std::string::npos);
  BOOST_CHECK_EXCEPTION(consumer::AdminServer(admin.routes, {"127.0.0.1", server.port()}), consumer::ConfigError,
                        [&](const auto& error) {
                          return std::string(error.what()).find(std::to_string(server.port())) != std::string::npos;
                        });
}

BOOST_AUTO_TEST_SUITE_END()
