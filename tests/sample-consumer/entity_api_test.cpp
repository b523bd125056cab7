#include "consumer/entity_api.hpp"

#include <httplib.h>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "consumer/config.hpp"
#include "support/raw_server.hpp"

namespace pw = prospero::webhooks;
using namespace std::chrono_literals;
using namespace test_support;
using boost::unit_test::label;

namespace {

const pw::Uuid org = *pw::Uuid::from_text("11111111-8d3e-11ee-b962-0242ac120001");
const pw::Uuid id = *pw::Uuid::from_text("22222222-8d3e-11ee-b962-0242ac120001");

// Prospero's side: one answer for every entity and one for every list, and what it was asked.
struct Api {
  httplib::Server server;
  int port = 0;
  int status = 200, list_status = 200;
  std::string body, path, authorization;
  std::thread thread;

  Api() {
    server.Get("/.*", [this](const httplib::Request& request, httplib::Response& response) {
      const bool is_list = !request.path.ends_with(to_text(id));
      if (!is_list) path = request.path;
      authorization = request.get_header_value("Authorization");
      response.status = is_list ? list_status : status;
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

std::string failure(const std::string& url, std::chrono::milliseconds time_max = 30s) {
  try {
    consumer::EntityApi(url, "", time_max).read(pw::Family::offer, org, id);
    return "read";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

// Prospero's side, by a script.
class Raw {
 public:
  explicit Raw(Script script) : server_(io_, std::move(script)), port_(server_.port()), loop_([this] { io_.run(); }) {}
  ~Raw() {
    io_.stop();
    loop_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  bool was_asked() const {
    std::promise<bool> asked;
    boost::asio::post(io_, [&] { asked.set_value(!server_.requests().empty()); });
    return asked.get_future().get();
  }

 private:
  mutable boost::asio::io_context io_;
  RawServer server_;
  const std::uint16_t port_;
  std::thread loop_;
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

BOOST_AUTO_TEST_CASE(entity_is_gone_when_its_list_is_there_and_it_is_not, *label("H9")) {
  Api api;
  api.status = 404;
  BOOST_TEST(consumer::EntityApi(api.url(), "").read(pw::Family::calendar_event, org, id).gone);
  BOOST_TEST(api.authorization.empty());
  // A base URL, or an organization, that the API does not know says nothing about the entity.
  for (const int other : {404, 403, 500}) {
    api.list_status = other;
    BOOST_TEST(failure(api.url()).find("see whether --api names the API") != std::string::npos);
  }
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

BOOST_AUTO_TEST_CASE(api_that_is_not_there_is_told) {
  std::string url;
  {
    const Api gone;
    url = gone.url();
  }
  BOOST_TEST(failure(url).find("cannot be reached") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answer_that_trickles_is_given_up, *label("H9")) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n", body = "{" + std::string(598, ' ') + "}";
  for (const auto& script :
       {Script{read_request(), write(head), trickle(body, 50ms)}, Script{read_request(), trickle(head + body, 50ms)}}) {
    const Raw api(script);
    BOOST_TEST(failure(api.url(), 300ms).find("it takes too long") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(stop_of_the_handler_is_heeded_while_the_api_is_silent, *label("R3")) {
  const Raw api(Script{read_request(), stall()});
  std::stop_source stop;
  const std::jthread asking([&] {
    while (!api.was_asked()) std::this_thread::yield();
    stop.request_stop();
  });
  const consumer::EntityApi reader(api.url(), "", std::chrono::hours(1));
  BOOST_CHECK_EXCEPTION(
      reader.read(pw::Family::offer, org, id, stop.get_token()), std::runtime_error,
      [](const auto& error) { return std::string(error.what()).find("asks to stop") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(base_url_is_one_that_can_be_asked) {
  for (const char* url :
       {"", "api.example.com", "ftp://api.example.com", "https://", "https:///v1", "http://127.0.0.1:99999",
        "http://127.0.0.1:0", "http://127.0.0.1:", "http://127.0.0.1:8x", "https://api.example.com?b=c",
        "https://api.example.com/#a", "https://u:secret@api.example.com", "https://api example.com", "https://[::1"})
    BOOST_CHECK_EXCEPTION(consumer::EntityApi(url, ""), consumer::ConfigError, [](const auto& error) {
      const std::string line = error.what();
      return line.starts_with("--api: ") && line.find("secret") == std::string::npos;
    });
  for (const char* url :
       {"https://api.example.com", "http://localhost:80/base/", "https://[::1]:8443", "https://[::1]"})
    BOOST_CHECK_NO_THROW(consumer::EntityApi::check_base_url(url));
}

BOOST_AUTO_TEST_SUITE_END()
