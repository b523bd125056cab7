// What the consumer answers decides: exactly 200, whatever stands around it (D3, D5).
#include <string>
#include <tuple>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "loop.hpp"

namespace utf = boost::unit_test;
using mock::delivery::Outcome;
using mock::delivery::to_text;
using transport_test::Loop;
using namespace test_support;

namespace {

struct Row {
  const char* name;
  Script script;
  Outcome outcome;
  std::optional<int> status;
  const char* detail = "";
};

void check(const std::vector<Row>& rows) {
  Loop loop;
  for (const auto& row : rows) loop.post(Loop::url_of(loop.serve(row.script)));
  const auto results = loop.run();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BOOST_TEST_CONTEXT(rows[i].name << ": " << results[i].detail) {
      BOOST_TEST(to_text(results[i].outcome) == to_text(rows[i].outcome));
      BOOST_TEST(results[i].status.value_or(0) == rows[i].status.value_or(0));
      BOOST_TEST(results[i].detail.find(rows[i].detail) != std::string::npos);
      BOOST_TEST(results[i].detail.find("secret") == std::string::npos);
      BOOST_TEST(results[i].connected);
    }
  }
}

std::string response(const std::string& status_line, const std::string& body = "") {
  return "HTTP/1.1 " + status_line + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(answers)

BOOST_AUTO_TEST_CASE(only_200_is_success, *utf::label("D3")) {
  check({
      {"200", answering(response("200 OK")), Outcome::ok, 200},
      {"200 with body", answering(response("200 OK", "thanks")), Outcome::ok, 200},
      {"200 without reason", answering("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"), Outcome::ok, 200},
      {"200 without space", answering("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"), Outcome::ok, 200},
      {"201", answering(response("201 Created")), Outcome::bad_status, 201, "only 200 is success"},
      {"202", answering(response("202 Accepted")), Outcome::bad_status, 202},
      {"204", answering("HTTP/1.1 204 No Content\r\n\r\n"), Outcome::bad_status, 204},
      {"304", answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"), Outcome::bad_status, 304},
      {"404", answering(response("404 Not Found", "no")), Outcome::bad_status, 404},
      {"500", answering(response("500 Internal Server Error")), Outcome::bad_status, 500},
      {"599", answering(response("599 x")), Outcome::bad_status, 599},
  });
}

BOOST_AUTO_TEST_CASE(interim_responses_are_skipped_but_101_is_final, *utf::label("D3")) {
  check({
      {"100", answering("HTTP/1.1 100 Continue\r\n\r\n" + response("200 OK")), Outcome::ok, 200},
      {"103", answering("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + response("200 OK")), Outcome::ok, 200},
      {"100 then 404", answering("HTTP/1.1 100 Continue\r\n\r\n" + response("404 x")), Outcome::bad_status, 404},
      {"101", answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), Outcome::bad_status, 101},
      {"only 100", {read_request(), write("HTTP/1.1 100 Continue\r\n\r\n"), close()}, Outcome::unreachable, {}},
  });
}

BOOST_AUTO_TEST_CASE(every_framing_of_a_response_is_understood, *utf::label("D3")) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  check({
      {"close-delimited", {read_request(), write("HTTP/1.0 200 OK\r\n\r\nbye"), close()}, Outcome::ok, 200},
      {"no close_notify", {read_request(), write("HTTP/1.0 200 OK\r\n\r\nbye"), drop()}, Outcome::ok, 200},
      {"chunked", answering(chunked + "3\r\nabc\r\n0\r\n\r\n"), Outcome::ok, 200},
      {"chunked, trailer", answering(chunked + "3;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"), Outcome::ok, 200},
      {"gzip", answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b?"),
       Outcome::ok, 200},
      {"two in one", answering(response("200 OK") + response("500 x")), Outcome::ok, 200},
      {"byte by byte",
       {read_request(), trickle(response("200 OK", "x"), std::chrono::milliseconds(1))},
       Outcome::ok,
       200},
      {"1 MiB", answering(response("200 OK", std::string(1 << 20, 'x'))), Outcome::ok, 200},
  });
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_early_is_unreachable, *utf::label("D5")) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
  check({
      {"before the head", {read_request(), close()}, Outcome::unreachable, {}, "before any response"},
      {"in the head", {read_request(), write("HTTP/1.1 200 OK\r\nCont"), close()}, Outcome::unreachable, {}, "head"},
      {"in the body", {read_request(), write(head + "abc"), close()}, Outcome::unreachable, 200, "body"},
      {"in the chunks", {read_request(), write(chunked), close()}, Outcome::unreachable, 200, "body"},
      {"without close_notify", {read_request(), write(head + "abc"), drop()}, Outcome::unreachable, 200, "body"},
      {"reset", {read_request(), reset()}, Outcome::unreachable, {}, "lost"},
  });
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_told_apart, *utf::label("D5")) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  check({
      {"garbage", answering("\x01\x02\x03garbage"), Outcome::not_http, {}},
      {"another protocol", answering("SSH-2.0-x\r\n"), Outcome::not_http, {}, "HTTP/1."},
      {"HTTP/2", answering("HTTP/2 200\r\n\r\n"), Outcome::not_http, {}},
      {"bare line feeds",
       answering("HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
       Outcome::not_http,
       {},
       "carriage return"},
      {"status", answering("HTTP/1.1 2x0 OK\r\n\r\n"), Outcome::not_http, {}},
      {"broken chunk", answering(chunked + "zz\r\nabc\r\n"), Outcome::not_http, 200},
      {"lengths",
       answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
       Outcome::not_http,
       {}},
      {"head over 64 KiB",
       answering("HTTP/1.1 200 OK\r\nX: " + std::string(70 * 1024, 'x') + "\r\n\r\n"),
       Outcome::not_http,
       {}},
      {"status 000", answering(response("000 x")), Outcome::not_http, {}},
      {"status 099", answering(response("099 x")), Outcome::not_http, {}},
      {"many fields", {read_request(), write("HTTP/1.1 200 OK\r\n"), repeat("X: y\r\n")}, Outcome::not_http, {}},
  });
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_large_push_that_is_not_read_still_counts, *utf::label("D3")) {
  Loop loop;
  const auto& server = loop.serve({write(response("413 Content Too Large")), stall()});
  loop.post(Loop::url_of(server), std::string(64 << 20, 'x'));
  const auto result = loop.run().front();
  BOOST_TEST(to_text(result.outcome) == to_text(Outcome::bad_status));
  BOOST_TEST(result.status.value_or(0) == 413);
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed, *utf::label("D3")) {
  Loop loop;
  const auto& target = loop.serve(answering(response("200 OK")));
  for (const char* status : {"301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"}) {
    const auto& server = loop.serve(answering(
        "HTTP/1.1 " + std::string(status) + "\r\nLocation: " + Loop::url_of(target) + "\r\nContent-Length: 0\r\n\r\n"));
    const auto result = loop.push(Loop::url_of(server));
    BOOST_TEST(to_text(result.outcome) == to_text(Outcome::bad_status));
    BOOST_TEST(result.detail == std::string(status).substr(0, 3) + " leads to https://127.0.0.1:" +
                                    std::to_string(target.port()) + "***; only 200 is success");
  }
  BOOST_TEST(target.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_attempt_tells_how_the_answer_began, *utf::label("D3") * utf::label("D5")) {
  const std::string html = "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n\r\n";
  const std::tuple<Script, const char*, const char*> rows[] = {
      {answering("HTTP/1.1 404 Not Found" + html + "<p>x"), "bad_status",
       "HTTP/1.1 404 Not Found; Content-Type: text/html; charset=utf-8"},
      {answering("HTTP/1.1 103 Early Hints\r\nContent-Type: a/b\r\n\r\n" + response("503 Busy")), "bad_status",
       "HTTP/1.1 503 Busy"},
      {{read_request(), write("HTTP/1.0 500\r\n\r\n"), close()}, "bad_status", "HTTP/1.0 500"},
      {answering("HTTP/1.1 404 no /hook/secret here\r\nContent-Length: 0\r\n\r\n"), "bad_status",
       "HTTP/1.1 404 no *** here"},
      {{read_request(), write("HTTP/1.1 200 OK" + html), close()},
       "unreachable",
       "HTTP/1.1 200 OK; Content-Type: text/html; charset=utf-8"},
      {answering("SSH-2.0-OpenSSH_9.2\r\n"), "not_http", "SSH-2.0-OpenSSH_9.2"},
      {answering("\x01\x1b[31m\xff\n"), "not_http", "\\x01\\x1b[31m\\xff"},
      {answering("HTTP/1.1 103 Early Hints\r\n\r\nSSH-2.0-x\r\n"), "not_http", "SSH-2.0-x"},
      {{read_request(), write("HTTP/1.1 103 Early Hints\r\n\r\n"), close()}, "unreachable", "HTTP/1.1 103 Early Hints"},
      {answering("\r\nHTTP/1.1 200 OK\r\n\r\n"), "not_http", "HTTP/1.1 200 OK"},
      {answering("\r\n"), "not_http", "\\x0d\\x0a"},
      {answering("HTTP/1.1 404 No\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "0\r\nContent-Type: c/d\r\n\r\n"),
       "bad_status", "HTTP/1.1 404 No; Content-Type: a/b"},
      {{read_request(), close()}, "unreachable", ""},
      {answering("HTTP/1.1 200 OK" + html + "<p>x"), "ok", ""},
  };
  Loop loop;
  for (const auto& row : rows) loop.post(Loop::url_of(loop.serve(std::get<0>(row))));
  const auto results = loop.run();
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    BOOST_TEST(to_text(results[i].outcome) == std::get<1>(rows[i]));
    BOOST_TEST(results[i].answer == std::get<2>(rows[i]));
  }
}

BOOST_AUTO_TEST_CASE(a_long_answer_is_told_shortened) {
  Loop loop;
  const auto result = loop.push(Loop::url_of(loop.serve(answering(response("404 " + std::string(2000, 'x'))))));
  BOOST_TEST(result.answer == "HTTP/1.1 404 " + std::string(144, 'x') + "...");
}

BOOST_AUTO_TEST_CASE(a_redirect_leads_where_the_head_says_and_not_the_trailer) {
  Loop loop;
  const auto result = loop.push(Loop::url_of(loop.serve(
      answering("HTTP/1.1 302 Found\r\nLocation: /a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nLocation: /b\r\n\r\n"))));
  BOOST_TEST(result.detail == "302 leads to /a; only 200 is success");
}

BOOST_AUTO_TEST_CASE(a_redirect_does_not_tell_the_secret_path) {
  Loop loop;
  const std::pair<const char*, const char*> locations[] = {
      {"/s3cretPath/in", "***"},
      {"/s3cretPath/in/", "***/"},
      {"https://b.example/S3CRETPATH/IN?x=1", "https://b.example***?x=1"},
      {"/login?next=%2Fs3cretPath%2Fin", "/login?next=***"},
      {"/elsewhere", "/elsewhere"},
  };
  for (const auto& [location, shown] : locations) {
    const auto& server = loop.serve(
        answering("HTTP/1.1 301 Moved\r\nLocation: " + std::string(location) + "\r\nContent-Length: 0\r\n\r\n"));
    const auto result = loop.push("https://127.0.0.1:" + std::to_string(server.port()) + "/s3cretPath/in");
    BOOST_TEST(result.detail == "301 leads to " + std::string(shown) + "; only 200 is success");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(carries_the_promised_fields_and_no_others, *utf::label("D1") * utf::label("D2")) {
  Loop loop;
  const auto& server = loop.serve(answering(response("200 OK")));
  const auto port = std::to_string(server.port());
  const auto result = loop.push("https://LOCALHOST:" + port + "/a/../hook?x=%7e");
  BOOST_TEST(result.detail == "name 'localhost' not found");
  loop.names.add("localhost", {"127.0.0.1"});
  BOOST_TEST(to_text(loop.push("https://LOCALHOST:" + port + "/a/../hook?x=%7e").outcome) == "ok");
  BOOST_REQUIRE(server.requests().size() == 1u);
  BOOST_TEST(server.requests().front() ==
             "POST /a/../hook?x=%7e HTTP/1.1\r\nHost: LOCALHOST:" + port +
                 "\r\nUser-Agent: mock-prospero/0.1\r\nContent-Type: application/json\r\nContent-Length: 35\r\n\r\n"
                 R"({"event":"event.created","data":{}})");
}

BOOST_AUTO_TEST_CASE(carries_the_fields_that_are_chosen, *utf::label("D2")) {
  Loop loop(transport_test::local_policy(), {.content_type = "application/x+json; a=b", .user_agent = "Prospero (9)"});
  const auto& server = loop.serve(answering(response("200 OK")));
  loop.push(Loop::url_of(server));
  BOOST_REQUIRE(server.requests().size() == 1u);
  const auto& request = server.requests().front();
  BOOST_TEST(request.find("\r\nUser-Agent: Prospero (9)\r\nContent-Type: application/x+json; a=b\r\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(arrives_whole_when_the_socket_takes_it_in_pieces, *utf::label("D1")) {
  Loop loop;
  const auto& server = loop.serve(answering(response("200 OK")));
  const std::string body(8U << 20U, 'x');
  loop.post(Loop::url_of(server), body);
  BOOST_TEST(to_text(loop.run().front().outcome) == "ok");
  BOOST_REQUIRE(server.requests().size() == 1u);
  BOOST_TEST(server.requests().front().ends_with("\r\n\r\n" + body));
}

BOOST_AUTO_TEST_CASE(is_sent_once_on_a_connection_of_its_own, *utf::label("D1")) {
  Loop loop;
  const auto& server = loop.serve(answering(response("200 OK")));
  loop.push(Loop::url_of(server));
  loop.push(Loop::url_of(server));
  BOOST_TEST(server.connections() == 2u);
  BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(goes_over_plain_http_where_that_is_allowed, *utf::label("D6")) {
  auto policy = transport_test::local_policy();
  policy.allow_http = true;
  Loop loop(policy);
  const auto& server = loop.serve(answering(response("200 OK")), {});
  const auto result = loop.push("http://127.0.0.1:" + std::to_string(server.port()) + "/hook");
  BOOST_TEST(to_text(result.outcome) == "ok");
  BOOST_TEST(!result.phases.tls.has_value());
  BOOST_TEST(!result.phases.dns.has_value());
  BOOST_TEST(result.phases.connect.has_value());
  BOOST_TEST(result.phases.wait.has_value());
}

BOOST_AUTO_TEST_CASE(is_kept_as_far_as_asked_for_and_never_otherwise) {
  boost::asio::io_context io;
  transport_test::TableLookup names(io);
  const RawServer server(io, answering("HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nno!!!"));
  mock::transport::TransportOptions options;
  options.policy = transport_test::local_policy();
  options.policy.allow_http = true;
  const auto received = [&](std::size_t kept) {
    options.answer_bytes_kept = kept;
    mock::transport::HttpTransport transport(io, names, options);
    std::optional<mock::delivery::AttemptResult> result;
    transport.post({"http://127.0.0.1:" + std::to_string(server.port()), std::make_shared<const std::string>("{}")},
                   [&](mock::delivery::AttemptResult got) { result = std::move(got); });
    while (!result) io.run_one();
    return result->received;
  };
  BOOST_TEST(received(0) == "");
  BOOST_TEST(received(15) == "HTTP/1.1 404 No");
  BOOST_TEST(received(4096) == "HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nno!!!");
}

BOOST_AUTO_TEST_CASE(that_is_dropped_with_its_transport_reports_nothing, *utf::label("D1")) {
  boost::asio::io_context io;
  transport_test::TableLookup names(io);
  const RawServer server(io, {stall()});
  auto policy = transport_test::local_policy();
  policy.allow_http = true;
  auto transport =
      std::make_unique<mock::transport::HttpTransport>(io, names, mock::transport::TransportOptions{policy, {}});
  bool reported = false;
  transport->post({"http://127.0.0.1:" + std::to_string(server.port()), std::make_shared<const std::string>("{}")},
                  [&](const mock::delivery::AttemptResult&) { reported = true; });
  while (server.connections() == 0) io.run_one();
  transport.reset();
  io.poll();
  BOOST_TEST(!reported);
}

BOOST_AUTO_TEST_SUITE_END()
