// A thousand slow peers of each kind, and real pushes beside them.
#include <sys/resource.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "client.hpp"
#include "server.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int crowd_size = 1'000;
constexpr std::chrono::seconds prospero_waits{5};

void raise_open_files_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Peers that have sent `start` and go on byte by byte, ten a second; one that the listener has closed comes again.
class Crowd {
 public:
  Crowd(const Server& server, std::string start, std::string byte)
      : server_(server), start_(std::move(start)), byte_(std::move(byte)) {
    for (int i = 0; i < crowd_size; ++i) peers_.push_back(newcomer());
    sender_ = std::thread([this] { go_on(); });
  }
  ~Crowd() {
    ending_ = true;
    sender_.join();
  }

 private:
  std::unique_ptr<Client> newcomer() const {
    auto peer = std::make_unique<Client>(server_.listener.port());
    peer->send(start_);
    return peer;
  }
  void go_on() {
    for (; !ending_ && !byte_.empty(); std::this_thread::sleep_for(std::chrono::milliseconds(100)))
      for (auto& peer : peers_) {
        if (ending_) return;
        try {
          peer->send(byte_);
        } catch (const std::runtime_error&) {
          peer = newcomer();
        }
      }
  }

  const Server& server_;
  const std::string start_, byte_;
  std::vector<std::unique_ptr<Client>> peers_;
  std::atomic<bool> ending_ = false;
  std::thread sender_;
};

void real_pushes_are_in_time(const Server& server, const std::string* ca_pem) {
  for (int i = 0; i < 20; ++i) {
    const auto start = Clock::now();
    Client real(server.listener.port());
    if (ca_pem) real.start_tls({*ca_pem});
    real.send(post(hook, body));
    BOOST_TEST(real.read_answer().status == 200);
    BOOST_TEST((Clock::now() - start < prospero_waits));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crowds, *utf::label("D4"))

BOOST_AUTO_TEST_CASE(of_silent_peers_delay_no_push) {
  raise_open_files_limit();
  const Pki pki;
  const Server server(pki.options);
  const Crowd crowd(server, "", "");
  real_pushes_are_in_time(server, &pki.ca.pem());
}

BOOST_AUTO_TEST_CASE(of_slow_handshakes_delay_no_push) {
  raise_open_files_limit();
  const Pki pki;
  const Server server(pki.options);
  const Crowd crowd(server, "\x16\x03\x01\x02", "");
  real_pushes_are_in_time(server, &pki.ca.pem());
}

BOOST_AUTO_TEST_CASE(of_slow_heads_delay_no_push) {
  raise_open_files_limit();
  const Server server;
  const Crowd crowd(server, "POST " + hook + " HTTP/1.1\r\nHost: a\r\nX: ", "x");
  real_pushes_are_in_time(server, nullptr);
}

BOOST_AUTO_TEST_CASE(of_slow_bodies_delay_no_push) {
  raise_open_files_limit();
  const Server server;
  const Crowd crowd(server, "POST " + hook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", " ");
  real_pushes_are_in_time(server, nullptr);
}

// Not in a sanitized build: 50,000 answers are so much work there that the processor alone delays the pushes.
BOOST_AUTO_TEST_CASE(of_peers_that_read_no_answer_delay_no_push, *utf::label("unsanitized")) {
  raise_open_files_limit();
  const Server server;
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const Crowd crowd(server, requests, "");
  real_pushes_are_in_time(server, nullptr);
}

BOOST_AUTO_TEST_CASE(above_the_connection_limit_delay_no_push) {
  raise_open_files_limit();
  pw::ListenerOptions options;
  options.connections_max = 500;
  const Server server(options);
  const Crowd crowd(server, "POST " + hook + " HTTP/1.1\r\nHost: a\r\nX: ", "x");
  real_pushes_are_in_time(server, nullptr);
  BOOST_TEST(server.listener.counters().connections_evicted > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
