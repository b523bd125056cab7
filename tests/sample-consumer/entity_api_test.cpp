#include "consumer/entity_api.hpp"

#include <httplib.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "consumer/config.hpp"

namespace pw = prospero::webhooks;

namespace {

const pw::Uuid org = *pw::Uuid::from_text("11111111-8d3e-11ee-b962-0242ac120001");
const pw::Uuid id = *pw::Uuid::from_text("22222222-8d3e-11ee-b962-0242ac120001");

// Prospero's side: one answer for everything, and what it was asked.
struct Api {
  httplib::Server server;
  int port = 0;
  int status = 200;
  std::string body, path, authorization;
  std::thread thread;

  Api() {
    server.Get("/.*", [this](const httplib::Request& request, httplib::Response& response) {
      path = request.path;
      authorization = request.get_header_value("Authorization");
      response.status = status;
      response.set_content(body, "application/json");
    });
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread([this] { server.listen_after_bind(); });
    while (!server.is_running()) std::this_thread::yield();
  }
  ~Api() {
    server.stop();
    thread.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(entity_api)

BOOST_AUTO_TEST_CASE(entity_is_asked_for_by_organization_family_and_id) {
  Api api;
  api.body = R"({"id": "x", "lastUpdatedAt": "2026-11-24T02:00:00Z"})";
  const consumer::EntityApi reader(api.url() + "/base/", "t0ken");
  const auto found = reader.read(pw::Family::invoice, org, id);
  BOOST_TEST(!found.gone);
  BOOST_TEST((found.changed_at == pw::Timestamp::from_text("2026-11-24T02:00:00Z")));
  BOOST_TEST(api.path == "/base/v1/organizations/" + to_text(org) + "/invoices/" + to_text(id));
  BOOST_TEST(api.authorization == "Bearer t0ken");
}

BOOST_AUTO_TEST_CASE(entity_that_is_not_there_is_gone) {
  Api api;
  api.status = 404;
  BOOST_TEST(consumer::EntityApi(api.url(), "").read(pw::Family::calendar_event, org, id).gone);
  BOOST_TEST(api.authorization.empty());
}

BOOST_AUTO_TEST_CASE(anything_else_is_a_failure_so_that_the_push_is_tried_again) {
  Api api;
  for (const int status : {500, 401, 302, 204}) {
    api.status = status;
    BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
  }
  api.status = 200;
  api.body = "not JSON";
  BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
  api.body = "{}";
  BOOST_TEST(!consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id).changed_at);
  api.server.stop();
  BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(base_url_has_a_scheme) {
  for (const char* url : {"", "api.example.com", "ftp://api.example.com", "https://"})
    BOOST_CHECK_THROW(consumer::EntityApi(url, ""), consumer::ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()
