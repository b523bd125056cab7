#include <httplib.h>

#include "prospero/webhooks/receive/httplib.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <functional>
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

  explicit App(const std::function<void(httplib::Server&)>& configure = [](httplib::Server&) {})
      : inbox_(pw::open_inbox("memory:")), receiver_(*inbox_, options()) {
    configure(server_);
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

  /// Sends a POST to the hook as it is written here and no more. The answers, up to the end of the connection.
  std::string answers_to(const std::string& head_and_body) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(static_cast<std::uint16_t>(port_));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(connect(socket, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0);
    const std::string request = "POST " + std::string(path) + " HTTP/1.1\r\nHost: app\r\n" + head_and_body;
    BOOST_TEST(send(socket, request.data(), request.size(), MSG_NOSIGNAL) == std::ssize(request));
    std::string answers;
    char part[4096];
    for (ssize_t got = 1; got > 0; answers.append(part, got > 0 ? static_cast<std::size_t>(got) : 0))
      got = recv(socket, part, sizeof part, 0);
    close(socket);
    return answers;
  }
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

BOOST_AUTO_TEST_CASE(a_body_that_does_not_come_whole_is_refused_and_not_stored, *utf::label("R3")) {
  App app{[](httplib::Server& server) { server.set_read_timeout(0, 100'000); }};
  const std::string push = pwt::PayloadBuilder{pw::WebhookEvent::offer_created}.body();
  const std::string in_part = push.substr(0, 40);
  for (const std::string& request :
       {"Content-Length: " + std::to_string(push.size()) + "\r\n\r\n" + in_part,
        "Content-Length: " + std::to_string(push.size() + 1) + "\r\n\r\n" + push,
        "Transfer-Encoding: chunked\r\n\r\n28\r\n" + in_part + "\r\n", std::string("Content-Length: 1\r\n\r\n")}) {
    const std::string answers = app.answers_to(request);
    BOOST_TEST(answers.starts_with("HTTP/1.1 400 "), answers);
    BOOST_TEST(answers.find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(answers.ends_with("\r\n\r\nthe body is not whole\n"), answers);
  }
  const pw::InboxCounts counts = app.counts();
  BOOST_TEST(counts.pending + counts.quarantined == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_left_of_a_body_is_not_taken_for_another_request) {
  const std::string hidden = "\r\nGET /other HTTP/1.1\r\nHost: app\r\n\r\n";
  App app;
  const std::string too_large = std::string(8192, ' ') + hidden, broken = "5\r\nhello\r\nzz\r\n" + hidden;
  for (const auto& [request, status] :
       {std::pair{"Content-Length: " + std::to_string(too_large.size()) + "\r\n\r\n" + too_large, "413"},
        std::pair{"Transfer-Encoding: chunked\r\n\r\n" + broken, "400"}}) {
    const std::string answers = app.answers_to(request);
    BOOST_TEST(answers.starts_with(std::string("HTTP/1.1 ") + status), answers);
    BOOST_TEST(answers.find("HTTP/1.1", 1) == std::string::npos, answers);
  }
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_of_the_server_counts_as_too_large, *utf::label("R4")) {
  App app{[](httplib::Server& server) { server.set_payload_max_length(100); }};
  BOOST_TEST(app.client().Post(App::path, std::string(101, ' '), "application/json")->status == 413);
  BOOST_TEST(app.receiver().counters().too_large == 1u);
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
