#include "api/server.hpp"

#include <httplib.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;
namespace asio = boost::asio;

namespace {

// Sends exactly these bytes and reads until the server closes.
std::string exchange(std::uint16_t port, const std::string& bytes) {
  asio::io_context io;
  asio::ip::tcp::socket socket{io};
  socket.connect({asio::ip::address_v4::loopback(), port});
  asio::write(socket, asio::buffer(bytes));
  std::string answer;
  boost::system::error_code error;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  return answer;
}

std::string field(const Reply& reply, const std::string& name) {
  const auto found = reply.headers.find(name);
  return found == reply.headers.end() ? "" : found->second;
}

StageOptions small() {
  StageOptions options;
  options.body_bytes_max = 100;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_of_the_api)

BOOST_AUTO_TEST_CASE(a_body_that_is_declared_too_large_is_refused_before_it_comes) {
  Stage stage;
  const auto asked = std::chrono::steady_clock::now();
  const auto answer =
      exchange(stage.port(), "POST /v1/organizations HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(stage.port()) +
                                 "\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n");
  BOOST_TEST(answer.starts_with("HTTP/1.1 413 "), answer);
  BOOST_TEST(
      (std::chrono::steady_clock::now() - asked < std::chrono::seconds{5}));  // the patience with a silent client
}

BOOST_AUTO_TEST_CASE(errors_have_one_shape_whatever_went_wrong, *label("T5")) {
  Stage stage;
  const struct {
    std::string method, path, body;
    Headers headers;
    int status;
  } rows[] = {
      {"POST", "/v1/organizations", "{", {}, 400},
      {"POST", "/v1/organizations", std::string(65, '[') + std::string(65, ']'), {}, 400},
      {"POST", "/v1/organizations", "", {}, 400},
      {"GET", "/v1/clock", "", {{"Host", "evil.example"}}, 403},
      {"GET", "/v1/clock", "", {{"Origin", "http://evil.example"}}, 403},
      {"GET", "/v2/clock", "", {}, 404},
      {"PUT", "/v1/organizations", "{}", {}, 405},
      {"DELETE", "/v1/clock", "", {}, 405},
      {"OPTIONS", "/v1/clock", "", {}, 405},
      {"POST", "/v1/organizations", "{}", {{"Content-Type", "text/plain"}}, 415},
      {"POST", "/v1/organizations", "{}", {{"Content-Type", "multipart/form-data; boundary=x"}}, 415},
      {"POST", "/v1/organizations", "{}", {{"Content-Type", "application/json; charset=utf-16"}}, 415},
      {"POST", "/v1/organizations", "{}", {{"Content-Encoding", "gzip"}}, 415},
      {"POST", "/v1/organizations", "[]", {}, 422},
      {"POST", "/v1/organizations?dry=1", R"({"name":"x"})", {}, 422},
      {"GET", "/v1/deliveries?stat=pending", "", {}, 422},
      {"GET", "/v1/webhooks?limit=1&limit=2", "", {}, 422},
      {"GET", "/v1/clock?x", "", {}, 422},
      {"GET", "/v1/clock", "", {{"X-Long", std::string(9000, 'x')}}, 400},
      {"GET", "/" + std::string(9000, 'x'), "", {}, 414},
  };
  for (const auto& row : rows) {
    const auto reply = stage.call(row.method, row.path, row.body, row.headers);
    BOOST_TEST(reply.status == row.status, row.method << ' ' << row.path.substr(0, 40));
    reply.error();
    BOOST_TEST(field(reply, "Content-Type") == "application/json");
    if (row.status == 405) BOOST_TEST(!field(reply, "Allow").empty());
  }
}

BOOST_AUTO_TEST_CASE(token_is_asked_for_on_every_path) {
  StageOptions options;
  options.token = "s3cret";
  Stage stage{options};
  for (const auto* path : {"/v1/clock", "/v1/nothing"}) {
    const auto reply = stage.get(path);
    BOOST_TEST(reply.status == 401, path);
    BOOST_TEST(field(reply, "WWW-Authenticate") == "Bearer");
  }
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Authorization", "Bearer s3cret"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(body_over_the_limit_is_413_however_it_is_sent) {
  Stage stage{small()};
  const auto name = [](std::size_t bytes) { return R"({"name":")" + std::string(bytes - 11, 'x') + "\"}"; };
  BOOST_TEST(stage.call("POST", "/v1/organizations", name(100)).status == 201);
  BOOST_TEST(stage.call("POST", "/v1/organizations", name(101)).status == 413);
  const auto host = "Host: 127.0.0.1:" + std::to_string(stage.port()) + "\r\n";
  const auto chunked =
      exchange(stage.port(), "POST /v1/organizations HTTP/1.1\r\n" + host +
                                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                                 name(101) + "\r\n0\r\n\r\n");
  BOOST_TEST(chunked.starts_with("HTTP/1.1 413"), chunked);
}

BOOST_AUTO_TEST_CASE(range_is_refused_instead_of_multiplying_the_body) {
  Stage stage;
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Range", "bytes=0-,0-,0-"}}).status == 400);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_body_is_said_in_one_way, *label("T5")) {
  Stage stage;
  const auto host = "Host: 127.0.0.1:" + std::to_string(stage.port()) + "\r\n";
  for (const std::string fields :
       {"Content-Length: -5\r\n", "Content-Length: 2x\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Length: 99999999999999999999\r\n"}) {
    const auto answer = exchange(stage.port(), "POST /v1/organizations HTTP/1.1\r\n" + host +
                                                   "Content-Type: application/json\r\n" + fields + "\r\n{}");
    BOOST_TEST(answer.starts_with("HTTP/1.1 400"), fields << answer);
    BOOST_TEST(answer.find(R"({"status":400,"error":")") != std::string::npos, fields << answer);
  }
}

// To compress takes longer than to send, on one machine.
BOOST_AUTO_TEST_CASE(answers_come_as_they_are) {
  Stage stage;
  for (const auto* coding : {"br", "gzip, deflate, br"}) {
    const auto reply = stage.call("GET", "/v1/contract", "", {{"Accept-Encoding", coding}});
    BOOST_TEST(field(reply, "Content-Encoding").empty(), coding);
    BOOST_TEST(reply.body().at("clauses").as_array().size() > 10U);
  }
}

BOOST_AUTO_TEST_CASE(head_does_not_promise_ranges) {
  Stage stage;
  BOOST_TEST(field(stage.call("HEAD", "/v1/clock"), "Accept-Ranges") == "none");
}

BOOST_AUTO_TEST_CASE(utf_8_may_be_named) {
  Stage stage;
  const Headers utf8{{"Content-Type", "application/json; Charset=UTF-8"}};
  BOOST_TEST(stage.call("POST", "/v1/organizations", R"({"name":"x"})", utf8).status == 201);
}

BOOST_AUTO_TEST_CASE(post_without_a_body_needs_no_length) {
  Stage stage;
  const auto answer = exchange(stage.port(), "POST /v1/webhooks/none/enable HTTP/1.1\r\nHost: 127.0.0.1:" +
                                                 std::to_string(stage.port()) + "\r\n\r\n");
  BOOST_TEST(answer.starts_with("HTTP/1.1 404"), answer);  // no such webhook: the request itself was understood
}

BOOST_AUTO_TEST_CASE(rest_of_a_refused_body_is_never_the_next_request) {
  Stage stage;
  const auto host = "Host: 127.0.0.1:" + std::to_string(stage.port()) + "\r\n";
  const std::string inner = "POST /v1/organizations HTTP/1.1\r\n" + host +
                            "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"name\":\"Evil\"}";
  for (const std::string method : {"POST", "GET"}) {
    const auto answer =
        exchange(stage.port(), method + " /v1/clock HTTP/1.1\r\n" + host +
                                   "Origin: http://evil.example\r\nContent-Type: text/plain\r\n" +
                                   "Content-Length: " + std::to_string(inner.size()) + "\r\n\r\n" + inner);
    BOOST_TEST((answer.empty() || answer.starts_with("HTTP/1.1 403")), answer);
    BOOST_TEST(answer.find("HTTP/1.1 201") == std::string::npos);
  }
  BOOST_TEST(stage.got("/v1/organizations").at("items").as_array().empty());
}

BOOST_AUTO_TEST_CASE(port_that_is_taken_is_one_clear_line) {
  mock::api::Server first{{}};
  const auto taken = [&] { mock::api::Server second{{"127.0.0.1", first.port(), 1U << 20}}; };
  BOOST_CHECK_EXCEPTION(taken(), std::runtime_error, [&](const std::runtime_error& error) {
    const std::string text{error.what()};
    return text.find("127.0.0.1:" + std::to_string(first.port())) != std::string::npos &&
           text.find("taken") != std::string::npos;
  });
  BOOST_CHECK_THROW((mock::api::Server{{"192.0.2.1", 0, 1U << 20}}), std::runtime_error);
  BOOST_CHECK_THROW((mock::api::Server{{"no such host", 0, 1U << 20}}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(url_names_what_is_listened_on) {
  mock::api::Server four{{}};
  BOOST_TEST(four.url() == "http://127.0.0.1:" + std::to_string(four.port()));
}

BOOST_AUTO_TEST_CASE(answers_are_not_for_caches_and_not_for_guessing) {
  Stage stage;
  const auto reply = stage.get("/v1/clock");
  BOOST_TEST(field(reply, "Cache-Control") == "no-store");
  BOOST_TEST(field(reply, "X-Content-Type-Options") == "nosniff");
  BOOST_TEST(stage.call("HEAD", "/v1/clock").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
