#include <httplib.h>

#include "prospero/webhooks/receive/httplib.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>

#include "prospero/webhooks/receive/inbox.hpp"
#include "prospero/webhooks/testing/builder.hpp"

namespace utf = boost::unit_test;
namespace pw = prospero::webhooks;
namespace pwt = prospero::webhooks::testing;

namespace {

/// An app's own server on a port chosen by the system, with the receiver mounted at a path full of regex characters.
class App {
 public:
  static constexpr const char* path = "/hook/a.b+c(d)";

  App() : inbox_(pw::open_inbox("memory:")), receiver_(*inbox_, options()) {
    pw::mount(server_, path, receiver_);
    server_.Get("/other", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("app", "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // a stop() before that would be lost
  }
  ~App() {
    server_.stop();
    thread_.join();
  }
  httplib::Client client() const { return httplib::Client("127.0.0.1", port_); }
  pw::InboxCounts counts() { return inbox_->counts(); }
  pw::Receiver& receiver() { return receiver_; }

 private:
  static pw::ReceiverOptions options() {
    pw::ReceiverOptions options;
    options.hooks = {{path, "app"}};
    options.body_bytes_max = 4096;
    return options;
  }

  std::unique_ptr<pw::Inbox> inbox_;
  pw::Receiver receiver_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mount)

BOOST_AUTO_TEST_CASE(a_push_to_the_path_is_stored_and_answered_200, *utf::label("D3")) {
  App app;
  const auto answer =
      app.client().Post(App::path, pwt::PayloadBuilder{pw::WebhookEvent::offer_created}.body(), "application/json");
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(app.counts().pending == 1u);
}

BOOST_AUTO_TEST_CASE(the_path_is_matched_to_the_letter) {
  App app;
  BOOST_TEST(app.client().Post("/hook/aXbbc(d)", "{}", "application/json")->status == 404);
  BOOST_TEST(app.client().Get("/other")->body == "app");
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_gets_413_and_is_not_stored) {
  App app;
  BOOST_TEST(app.client().Post(App::path, std::string(4096, ' '), "application/json")->status == 200);
  BOOST_TEST(app.client().Post(App::path, std::string(4097, ' '), "application/json")->status == 413);
  BOOST_TEST(app.counts().quarantined == 1u);
}

BOOST_AUTO_TEST_CASE(another_method_gets_405_with_allow) {
  App app;
  const auto answer = app.client().Get(App::path);
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 405);
  BOOST_TEST(answer->get_header_value("Allow") == "POST");
}

BOOST_AUTO_TEST_CASE(a_path_that_is_no_hook_is_refused_at_once) {
  App app;
  httplib::Server server;
  BOOST_CHECK_THROW(pw::mount(server, "/elsewhere", app.receiver()), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
