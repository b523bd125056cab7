#include "consumer/entity_api.hpp"

#include <httplib.h>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <mutex>
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
class Api {
 public:
  Api() {
    server_.Get("/.*", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard hold(mutex_);
      const bool is_list = !request.path.ends_with(to_text(id));
      if (!is_list) path_ = request.path;
      authorization_ = request.get_header_value("Authorization");
      response.status = is_list ? list_status_ : status_;
      response.set_content(body_, "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Api() {
    stop();
    thread_.join();
  }
  void stop() { server_.stop(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  void answer(int status, const std::string& body = "") {
    const std::lock_guard hold(mutex_);
    status_ = status;
    body_ = body;
  }
  void answer_lists(int status) {
    const std::lock_guard hold(mutex_);
    list_status_ = status;
  }
  std::string path() const {
    const std::lock_guard hold(mutex_);
    return path_;
  }
  std::string authorization() const {
    const std::lock_guard hold(mutex_);
    return authorization_;
  }

 private:
  mutable std::mutex mutex_;
  int status_ = 200, list_status_ = 200;
  std::string body_, path_, authorization_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
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
  api.answer(200, R"({"id": "x", "lastUpdatedAt": "2026-11-24T02:00:00Z"})");
  const consumer::EntityApi reader(api.url() + "/base/", "t0ken");
  const auto found = reader.read(pw::Family::invoice, org, id);
  BOOST_TEST(!found.gone);
  BOOST_TEST((found.changed_at == pw::Timestamp::from_text("2026-11-24T02:00:00Z")));
  BOOST_TEST(api.path() == "/base/v1/organizations/" + to_text(org) + "/invoices/" + to_text(id));
  BOOST_TEST(api.authorization() == "Bearer t0ken");
}

BOOST_AUTO_TEST_CASE(entity_is_gone_when_its_list_is_there_and_it_is_not, *label("H9")) {
  Api api;
  api.answer(404);
  BOOST_TEST(consumer::EntityApi(api.url(), "").read(pw::Family::calendar_event, org, id).gone);
  BOOST_TEST(api.authorization().empty());
  // A base URL, or an organization, that the API does not know says nothing about the entity.
  for (const int other : {404, 403, 500}) {
    api.answer_lists(other);
    BOOST_TEST(failure(api.url()).find("see whether --api names the API") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(anything_else_is_a_failure_so_that_the_push_is_tried_again) {
  Api api;
  for (const int status : {500, 401, 302, 204}) {
    api.answer(status);
    BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
  }
  api.answer(200, "not JSON");
  BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
  api.answer(200, "{}");
  BOOST_TEST(!consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id).changed_at);
  api.stop();
  BOOST_CHECK_THROW(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(entity_may_be_nested_as_deep_as_in_a_push) {
  Api api;
  const auto nested = [](std::size_t depth) {
    return R"({"lastUpdatedAt": "2026-11-24T02:00:00Z", "x": )" + std::string(depth - 1, '[') +
           std::string(depth - 1, ']') + "}";
  };
  api.answer(200, nested(64));
  BOOST_TEST(consumer::EntityApi(api.url(), "").read(pw::Family::offer, org, id).changed_at.has_value());
  api.answer(200, nested(65));
  BOOST_TEST(failure(api.url()).find("no JSON object") != std::string::npos);
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
