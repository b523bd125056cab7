// Every kind of request and the status that it gets, over real sockets: plain, TLS 1.2 and TLS 1.3.
#include <boost/test/unit_test.hpp>

#include "client.hpp"
#include "server.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;

namespace {

struct Row {
  const char* what;
  std::string bytes;
  int status;
  bool closed;  ///< after the answer
  std::size_t stored;
};

const std::string line = "POST " + hook + " HTTP/1.1\r\n";
const std::string head = line + "Host: a\r\n";
const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";

std::string with(const std::string& fields, const std::string& sent = "{}") {
  return head + fields + "Content-Length: " + std::to_string(sent.size()) + "\r\n\r\n" + sent;
}

std::vector<Row> rows() {
  const std::string over = std::to_string((1u << 20) + 1), nul("X: \0\r\n", 6);
  return {
      {"a push", post(hook, body), 200, false, 1},
      {"a push with a query", post(hook + "?a=b", body), 200, false, 1},
      {"no Content-Type", with(""), 200, false, 1},
      {"any Content-Type", with("Content-Type: text/plain\r\n"), 200, false, 1},
      {"two Content-Types", with("Content-Type: a/b\r\nContent-Type: c/d\r\n"), 200, false, 1},
      {"malformed body", with("", "{"), 200, false, 1},
      {"empty body", with("", ""), 200, false, 1},
      {"neither length nor coding", head + "\r\n", 200, false, 1},
      {"Content-Encoding that is not read", with("Content-Encoding: br\r\n"), 200, false, 1},
      {"chunked", chunked + "1\r\n{\r\n1;x=y\r\n}\r\n0\r\nTrailer: x\r\n\r\n", 200, false, 1},
      {"HTTP/1.0", "POST " + hook + " HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 200, true, 1},
      {"HTTP/1.0 without a length", "POST " + hook + " HTTP/1.0\r\n\r\n{}", 400, true, 0},
      {"HTTP/1.0 with an empty body", "POST " + hook + " HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 200, true, 1},
      {"GET in HTTP/1.0", "GET " + hook + " HTTP/1.0\r\n\r\n", 405, true, 0},
      {"Expect of something else", with("Expect: 200-ok\r\n"), 200, false, 1},
      {"Connection: close", with("Connection: close\r\n"), 200, true, 1},
      {"the absolute form", "POST https://a" + hook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 200, false,
       1},
      {"another path", post("/hook/guess", body), 404, true, 0},
      {"another case", post("/hook/Secret", body), 404, true, 0},
      {"a longer path", post(hook + "/", body), 404, true, 0},
      {"an encoded path", post("/hook/%73ecret", body), 404, true, 0},
      {"another method elsewhere", "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 404, false, 0},
      {"GET", "GET " + hook + " HTTP/1.1\r\nHost: a\r\n\r\n", 405, false, 0},
      {"post", "post " + hook + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 405, true, 0},
      {"declared too long", head + "Content-Length: " + over + "\r\n\r\n", 413, true, 0},
      {"chunks too long", chunked + "100001\r\n", 413, true, 0},
      {"elsewhere and too long", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + over + "\r\n\r\n", 404, true, 0},
      {"head too long", head + "X: " + std::string(17'000, 'x') + "\r\n\r\n", 431, true, 0},
      {"target too long", "POST /" + std::string(17'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 431, true, 0},
      {"both lengths", head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400, true, 0},
      {"two Content-Lengths", head + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, true, 0},
      {"a list of lengths", head + "Content-Length: 2, 2\r\n\r\n{}", 400, true, 0},
      {"a signed length", head + "Content-Length: +2\r\n\r\n{}", 400, true, 0},
      {"bare LF", head + "X: y\nContent-Length: 2\r\n\r\n{}", 400, true, 0},
      {"bare CR", head + "X: y\rContent-Length: 2\r\n\r\n{}", 400, true, 0},
      {"a folded line", head + "X: y\r\n z\r\nContent-Length: 2\r\n\r\n{}", 400, true, 0},
      {"NUL", head + nul + "Content-Length: 2\r\n\r\n{}", 400, true, 0},
      {"space before the colon", head + "Content-Length : 2\r\n\r\n{}", 400, true, 0},
      {"no Host", line + "Content-Length: 2\r\n\r\n{}", 400, true, 0},
      {"two Hosts", head + "Host: b\r\nContent-Length: 2\r\n\r\n{}", 400, true, 0},
      {"chunked is not last", head + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400, true, 0},
      {"a broken chunk", chunked + "zz\r\n", 400, true, 0},
      {"another coding", head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, true, 0},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, true, 0},
  };
}

std::unique_ptr<Client> connected(const Server& server, const Pki& pki, int version) {
  auto client = std::make_unique<Client>(server.listener.port());
  if (version != 0) client->start_tls({pki.ca.pem(), version});
  return client;
}

void check(const Row& row, const Server& server, Client& client) {
  const auto before = server.inbox->list({}, 1000).rows.size();
  client.send(row.bytes);
  const auto answer = client.read_answer();
  BOOST_TEST(answer.status == row.status);
  BOOST_TEST((answer.head.find("\r\nConnection: close\r\n") != std::string::npos) == row.closed);
  BOOST_TEST((answer.head.find("\r\nAllow: POST\r\n") != std::string::npos) == (row.status == 405));
  BOOST_TEST((answer.head + answer.body).find("secret") == std::string::npos);
  BOOST_TEST(answer.head.find("Server:") == std::string::npos);
  if (row.closed) {
    BOOST_TEST(client.has_ended());
  } else {
    client.send(post(hook, std::string("next ") + row.what));
    BOOST_TEST(client.read_answer().status == 200);
  }
  const auto after = server.inbox->list({}, 1000).rows.size();
  BOOST_TEST(after - before == row.stored + (row.closed ? 0 : 1));
}

void check_all(int version) {
  const Pki pki;
  for (const Row& row : rows()) {
    const Server server(version == 0 ? pw::ListenerOptions{} : pki.options);
    BOOST_TEST_CONTEXT(row.what) {
      check(row, server, *connected(server, pki, version));
    }
  }
}

/// An inbox whose commits fail, as on a full disk.
class FullDisk : public receive_test::PassingInbox {
 public:
  using PassingInbox::PassingInbox;
  void store(pw::Arrival, Stored done) override { done({pw::StoreStatus::failed, 0, "database or disk is full"}); }
};

void is_unavailable(pw::Inbox& inbox, const pw::ReceiverOptions& options) {
  pw::Receiver receiver(inbox, options);
  pw::Listener listener(receiver, {});
  listener.start();
  Client client(listener.port());
  for (int i = 0; i < 2; ++i) {  // the connection stays
    client.send(post(hook, body));
    const auto answer = client.read_answer();
    BOOST_TEST(answer.status == 503);
    BOOST_TEST(answer.head.find("\r\nRetry-After: 60\r\n") != std::string::npos);
  }
  BOOST_TEST(eventually([&] { return listener.counters().answers[503] == 2; }));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status_table, *utf::label("D3"))

BOOST_AUTO_TEST_CASE(holds_over_plain_http) {
  check_all(0);
}

BOOST_AUTO_TEST_CASE(holds_over_tls_1_2) {
  check_all(TLS1_2_VERSION);
}

BOOST_AUTO_TEST_CASE(holds_over_tls_1_3) {
  check_all(TLS1_3_VERSION);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_stored_is_answered_503_with_a_time_to_come_back, *utf::label("R1")) {
  const auto inbox = pw::open_inbox("memory:");
  FullDisk full(*inbox);
  is_unavailable(full, receiver_options());

  pw::InboxOptions no_room;
  no_room.queue_count_max = 0;
  is_unavailable(*pw::open_inbox("memory:", no_room), receiver_options());

  HoldingInbox slow(*inbox);
  pw::ReceiverOptions hurried = receiver_options();
  hurried.store_wait_max = std::chrono::milliseconds(20);
  is_unavailable(slow, hurried);
}

BOOST_AUTO_TEST_CASE(the_budget_of_a_commit_leaves_room_within_five_seconds, *utf::label("D4")) {
  BOOST_TEST(pw::ReceiverOptions{}.store_wait_max.count() == 3'000);
}

BOOST_AUTO_TEST_CASE(a_client_that_has_finished_sending_gets_its_answer) {
  const Pki pki;
  for (const int version : {0, TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Server server(version == 0 ? pw::ListenerOptions{} : pki.options);
    const auto client = connected(server, pki, version);
    client->send(post(hook, body));
    client->finish_sending();
    BOOST_TEST(client->read_answer().status == 200);
    BOOST_TEST(client->has_ended());
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_early_leaves_nothing_behind) {
  const Pki pki;
  for (const int version : {0, TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Server server(version == 0 ? pw::ListenerOptions{} : pki.options);
    const std::string whole = post(hook, body);
    for (std::size_t cut = 1; cut < whole.size(); cut += 7) connected(server, pki, version)->send(whole.substr(0, cut));
    BOOST_TEST(eventually([&] { return server.listener.counters().connections_open == 0; }));
    BOOST_TEST(server.inbox->list({}, 1).rows.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_before_its_answer_has_its_push_stored, *utf::label("R5")) {
  Server server({}, true);
  {
    Client client(server.listener.port());
    client.send(post(hook, body));
    server.holding.wait_until_held(1);
  }
  server.holding.let_go();
  BOOST_TEST(eventually([&] { return server.holding.list({}, 1).rows.size() == 1; }));
  BOOST_TEST(eventually([&] { return server.listener.counters().connections_open == 0; }));
}

// The first answer is sent into the void and refused by the peer's system; the second one then meets a broken pipe.
BOOST_AUTO_TEST_CASE(a_client_that_goes_between_two_answers_does_not_end_the_process) {
  const Pki pki;
  Server server(pki.options, true);
  {
    Client client(server.listener.port());
    client.start_tls({pki.ca.pem()});
    client.send(post(hook, body) + post(hook, "second"));
    server.holding.wait_until_held(1);
  }
  for (int answer = 0; answer < 2; ++answer) {
    server.holding.wait_until_held(1);
    server.holding.let_go();
  }
  BOOST_TEST(eventually([&] { return server.listener.counters().connections_open == 0; }));
  BOOST_TEST(server.holding.list({}, 3).rows.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_peer_from_elsewhere_is_closed_without_a_word) {
  pw::ListenerOptions options;
  options.peers = {"10.0.0.0/8"};
  const Server server(options);
  Client client(server.listener.port());
  BOOST_TEST(client.has_ended());
  BOOST_TEST(server.listener.counters().connections_refused == 1u);
  BOOST_TEST(server.listener.counters().connections_accepted == 0u);

  options.peers = {"10.0.0.0/8", "127.0.0.0/8"};
  const Server open(options);
  Client welcome(open.listener.port());
  welcome.send(post(hook, body));
  BOOST_TEST(welcome.read_answer().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
