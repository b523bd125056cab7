#include "conformance/exchange_text.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace mock::conformance;

namespace {

const std::string url = "https://consumer.example:443/hook/S3cret-Part?token=abcdef%2D1";

}  // namespace

BOOST_AUTO_TEST_SUITE(exchange_text)

BOOST_AUTO_TEST_CASE(an_answer_is_one_line_of_head_and_body) {
  BOOST_TEST(answer_text("HTTP/1.1 500 Oops\r\nServer: x\r\nContent-Length: 3\r\n\r\na\n\xff", url, true) ==
             "HTTP/1.1 500 Oops | Server: x | Content-Length: 3 | a\\x0a\\xff");
  BOOST_TEST(answer_text("HTTP/1.1 204 No Content\r\n\r\n", url, true) == "HTTP/1.1 204 No Content");
  BOOST_TEST(answer_text("", url, true) == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_shown_as_it_begins) {
  BOOST_TEST(answer_text("SSH-2.0-x\r\n", url, true) == "SSH-2.0-x\\x0d\\x0a");
  BOOST_TEST(answer_text("HTTP/1.1 200 O", url, true) == "HTTP/1.1 200 O");
}

BOOST_AUTO_TEST_CASE(no_part_of_the_path_that_could_be_secret_is_shown) {
  const auto body = [](const std::string& text) { return answer_text("HTTP/1.1 404 N\r\n\r\n" + text, url, true); };
  BOOST_TEST(body("Cannot POST /hook/S3cret-Part?token=abcdef%2D1!") == "HTTP/1.1 404 N | Cannot POST ***!");
  BOOST_TEST(body("no /hook/s3cret-part here") == "HTTP/1.1 404 N | no *** here");
  BOOST_TEST(body("&#47;hook&#47;S3CRET-PART") == "HTTP/1.1 404 N | &#47;hook&#47;***");
  BOOST_TEST(body("token abcdef-1") == "HTTP/1.1 404 N | token ***");
  BOOST_TEST(answer_text("HTTP/1.1 301 M\r\nLocation: /hook/S3cret-Part/\r\n\r\n", url, true) ==
             "HTTP/1.1 301 M | Location: ***/");
}

BOOST_AUTO_TEST_CASE(a_url_without_a_path_hides_no_slash) {
  BOOST_TEST(answer_text("HTTP/1.1 404 N\r\n\r\n/a", "https://consumer.example/", true) == "HTTP/1.1 404 N | /a");
  BOOST_TEST(answer_text("HTTP/1.1 404 N\r\n\r\n/a", "https://consumer.example", true) == "HTTP/1.1 404 N | /a");
}

BOOST_AUTO_TEST_CASE(long_ones_are_cut) {
  const auto shown =
      answer_text("HTTP/1.1 200 OK\r\nX: " + std::string(9000, 'x') + "\r\n\r\n" + std::string(9000, 'y'), url, true);
  BOOST_TEST(shown.size() < 600u);
  BOOST_TEST(shown.ends_with("yyy..."));
  BOOST_TEST(request_text("POST", std::string(9000, 'z'), true).size() < 300u);
}

BOOST_AUTO_TEST_CASE(bodies_of_recorded_pushes_are_not_shown_nor_what_may_repeat_them) {
  BOOST_TEST(answer_text("HTTP/1.1 200 OK\r\n\r\ntheir data", url, false) == "HTTP/1.1 200 OK | and a body");
  BOOST_TEST(answer_text("their data", url, false) == "10 bytes");
  BOOST_TEST(request_text("POST", "their data", false) == "POST, 10 bytes");
}

BOOST_AUTO_TEST_CASE(a_request_of_the_wire_tells_its_form) {
  WireRequest request;
  request.headers = ordinary_headers();
  BOOST_TEST(how_text(request) == "POST, application/json");
  request.framing = Framing::chunked;
  request.headers = {"CONTENT-TYPE: application/json"};
  BOOST_TEST(how_text(request) == "POST, chunked, CONTENT-TYPE: application/json");
  request.method = "GET";
  request.where = Where::other_path;
  BOOST_TEST(how_text(request) == "GET to another path, chunked, CONTENT-TYPE: application/json");
}

BOOST_AUTO_TEST_SUITE_END()
