#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>

#include "programs.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;

namespace {

/// A UDP socket on loopback that never answers: a name server that hangs.
class SilentNameServer {
 public:
  SilentNameServer() : socket_(socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no UDP socket");
    port_ = ntohs(address.sin_port);
  }
  ~SilentNameServer() { close(socket_); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

std::vector<std::string> outcomes(const json::object& delivery) {
  std::vector<std::string> list;
  for (const auto& attempt : delivery.at("attempts").as_array()) list.emplace_back(attempt.at("outcome").as_string());
  return list;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deliveries)

BOOST_AUTO_TEST_CASE(the_third_retry_reaches_a_consumer_that_came_back,
                     *utf::label("R1") * utf::label("R3") * utf::label("G6")) {
  const test_support::TempFolder folder;
  std::string url, port;
  {
    const e2e::Consumer consumer(folder);
    url = consumer.url();
    port = consumer.port();
  }
  const e2e::Mock mock(folder, {"--clock", "virtual"});
  const auto org = mock.organization();
  const auto webhook = mock.webhook(org, url, "event.updated");
  mock.trigger(org, "event.updated");
  for (const int seconds : {0, 60, 3600}) mock.post("/v1/clock/advance", {{"seconds", seconds}});
  const e2e::Consumer consumer(folder, {}, port);
  mock.post("/v1/clock/advance", {{"seconds", 6 * 3600}});

  const auto delivery = mock.deliveries(webhook).at(0).as_object();
  BOOST_TEST(delivery.at("state") == "delivered");
  BOOST_TEST(joined(outcomes(delivery)) == "unreachable unreachable unreachable ok");
}

BOOST_AUTO_TEST_CASE(twenty_failures_in_a_row_disable_and_enabling_starts_at_zero,
                     *utf::label("X1") * utf::label("X2") * utf::label("X3") * utf::label("X4")) {
  const test_support::TempFolder folder;
  const e2e::Consumer certificates(folder);
  const e2e::BadConsumer bad(folder, {"--status", "500"});
  const e2e::Mock mock(folder, {"--clock", "virtual"});
  const auto org = mock.organization();
  const auto webhook = mock.webhook(org, bad.url(), "invoice.updated");
  for (int i = 0; i < 20; ++i) mock.trigger(org, "invoice.updated");
  mock.post("/v1/clock/advance", {{"seconds", 0}});
  BOOST_TEST(mock.get("/v1/webhooks/" + webhook).at("state") == "disabled");
  mock.trigger(org, "invoice.updated");
  BOOST_TEST(mock.get("/v1/missed?webhook=" + webhook).at("items").as_array().size() == 21u);

  mock.post("/v1/webhooks/" + webhook + "/enable", json::object{});
  const auto enabled = mock.get("/v1/webhooks/" + webhook);
  BOOST_TEST(enabled.at("state") == "enabled");
  BOOST_TEST(enabled.at("consecutiveFailures") == 0);
}

BOOST_AUTO_TEST_CASE(a_response_that_trickles_past_5_s_is_a_timeout, *utf::label("D4")) {
  const test_support::TempFolder folder;
  const e2e::Consumer certificates(folder);
  const e2e::BadConsumer bad(folder, {"--status", "200", "--trickle", "8"});
  const auto pushed = e2e::push(folder, bad.url(), {"--event", "event.created", "--json"});
  BOOST_TEST(pushed.code == 1);
  BOOST_TEST(json::parse(pushed.out).at("attempts").at(0).at("outcome") == "timeout");
}

BOOST_AUTO_TEST_CASE(a_name_look_up_that_hangs_delays_nobody_else, *utf::label("D4") * utf::label("D8")) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const SilentNameServer silent;
  const e2e::Mock mock(folder, {"--clock", "real", "--dns", silent.address()});
  const auto org = mock.organization();
  const auto hung = mock.webhook(org, "https://hangs.example.org/hook", "event.updated");
  const auto healthy = mock.webhook(org, consumer.url(), "event.updated");
  mock.trigger(org, "event.updated");

  BOOST_TEST(mock.ended_delivery(healthy).at("state") == "delivered");
  BOOST_TEST(mock.deliveries(hung).at(0).at("attempts").at(0).at("outcome").is_null());
  e2e::eventually("the hung look-up ends",
                  [&] { return !mock.deliveries(hung).at(0).at("attempts").at(0).at("outcome").is_null(); });
}

BOOST_AUTO_TEST_SUITE_END()
