#include <boost/test/unit_test.hpp>
#include <thread>

#include "client.hpp"
#include "server.hpp"

using namespace listener_test;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(stopping)

BOOST_AUTO_TEST_CASE(requests_under_way_are_answered_and_others_are_closed) {
  const Pki pki;
  Server server(pki.options, true);
  const auto port = server.listener.port();
  Client waiting(port);
  waiting.start_tls({pki.ca.pem()});
  Client busy(port);
  busy.start_tls({pki.ca.pem()});
  busy.send(post(hook, body));
  server.holding.wait_until_held(1);

  std::thread stopper([&] { server.listener.stop(milliseconds(20'000)); });
  BOOST_TEST(waiting.has_ended());
  server.holding.let_go();
  const auto answer = busy.read_answer();
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.head.find("\r\nConnection: close\r\n") != std::string::npos);
  BOOST_TEST(busy.has_ended());
  stopper.join();
  BOOST_CHECK_THROW(Client{port}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(when_the_drain_is_over_what_is_left_is_closed) {
  Server server({}, true);
  Client busy(server.listener.port());
  busy.send(post(hook, body));
  server.holding.wait_until_held(1);
  server.listener.stop(milliseconds(10));
  BOOST_TEST(busy.has_ended());
  server.holding.let_go();  // nobody waits for this answer any more
}

BOOST_AUTO_TEST_CASE(a_listener_stops_twice_or_before_it_started) {
  Server server;
  server.listener.stop(milliseconds(0));
  server.listener.stop(milliseconds(0));
  pw::Listener never_started(server.receiver, {});
  never_started.stop(milliseconds(0));
  BOOST_TEST(never_started.port() == 0);
}

BOOST_AUTO_TEST_CASE(pushes_during_the_stop_are_answered_or_refused_but_never_lost_after_a_200) {
  for (int round = 0; round < 20; ++round) {
    Server server;
    const auto port = server.listener.port();
    int answered = 0;
    std::thread sender([&] {
      try {
        for (;;) {
          Client client(port);
          client.send(post(hook, "push " + std::to_string(answered)));
          if (client.read_answer().status == 200) ++answered;
        }
      } catch (const std::runtime_error&) {  // refused or closed: the sender would try again
      }
    });
    eventually([&] { return server.listener.counters().answers[200] >= 3; });
    server.listener.stop(milliseconds(5'000));
    sender.join();
    BOOST_TEST(static_cast<int>(server.inbox->list({}, 100'000).rows.size()) >= answered);
  }
}

BOOST_AUTO_TEST_SUITE_END()
