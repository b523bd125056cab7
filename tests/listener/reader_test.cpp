#include "listener_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace pw = prospero::webhooks;
using pw::detail::RequestReader;
using Step = RequestReader::Step;

namespace {

constexpr std::size_t head_max = 200;
constexpr std::size_t body_max = 20;

/// Feeds `bytes` in pieces of `piece` bytes until the reader has decided; what it left is returned in `rest`.
Step read(RequestReader& reader, const std::string& bytes, std::size_t piece, std::string* rest = nullptr) {
  std::string buffer;
  Step step = Step::more;
  for (std::size_t at = 0; at < bytes.size() && step == Step::more; at += piece) {
    buffer += bytes.substr(at, piece);
    do {
      step = reader.feed(buffer);
    } while (step == Step::head);
    if (rest) *rest = buffer + (at + piece < bytes.size() ? bytes.substr(at + piece) : "");
  }
  return step;
}

/// Status of the refusal; 0 when more bytes are wanted, 200 when a request is complete.
int verdict(const std::string& bytes) {
  RequestReader reader(head_max, body_max);
  const Step step = read(reader, bytes, bytes.size());
  if (step == Step::refused) return reader.refusal().status;
  return step == Step::complete ? 200 : 0;
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST /hook?a=b HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_reader)

BOOST_AUTO_TEST_CASE(a_request_is_read_however_its_bytes_are_cut) {
  for (const std::string& bytes : {post("Content-Length: 5\r\n", "hello"),
                                   post("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"),
                                   post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n")}) {
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      RequestReader reader(head_max, body_max);
      BOOST_TEST((read(reader, bytes, piece) == Step::complete), "pieces of " << piece);
      const pw::Request request = reader.request();
      BOOST_TEST(request.method == "POST");
      BOOST_TEST(request.target == "/hook?a=b");
      BOOST_TEST(request.body == "hello", "pieces of " << piece);
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_after_a_request_are_left_for_the_next) {
  const std::string next = "GET / HTTP/1.1\r\n";
  for (const std::string& bytes : {post("Content-Length: 5\r\n", "hello"), post("", ""),
                                   post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")}) {
    RequestReader reader(head_max, body_max);
    std::string rest;
    BOOST_TEST((read(reader, bytes + next, 1000, &rest) == Step::complete));
    BOOST_TEST(rest == next);
  }
}

BOOST_AUTO_TEST_CASE(what_is_refused_and_how) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const struct {
    std::string bytes;
    int verdict;
  } rows[] = {
      {"\r\n\r\n" + post("", ""), 200},
      {post(chunked, "5\n"), 400},
      {post(chunked, "5\r\nhello\n"), 400},
      {post(chunked, "5\r\nhello\r\n0\n"), 400},
      {post(chunked, "5\r\nhello\r\n0\r\nX-Trailer: 1\n"), 400},
      {post(chunked, "5\r\nhello\r\n0\r\nX-Trailer: 1\r\n"), 0},
      {post(chunked, "2\r\n\n\n\r\n0\r\n\r\n"), 200},
      {post("Content-Length: 20\r\n", std::string(20, 'x')), 200},
      {post("Content-Length: 20\r\n", std::string(19, 'x')), 0},
      {post("Content-Length: 99999999999999999999\r\n", ""), 400},
      {post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400},
      {post("X: " + std::string(head_max, 'x') + "\r\n", ""), 431},
      {std::string(head_max + 1, 'G'), 431},
      {"POST /hook HTTP/2.0\r\nHost: a\r\n\r\n", 400},
      {"POST  /hook HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"POST /hook\r\nHost: a\r\n\r\n", 400},
      {"nonsense\r\n\r\n", 400},
      {post(chunked, "15\r\n" + std::string(21, 'x') + "\r\n"), 413},
      {post(chunked, "a\r\n" + std::string(10, 'x') + "\r\nb\r\n"), 413},
      {post(chunked, "ffffffffffffffff\r\n"), 413},
      {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {post(chunked, "x\r\n"), 400},
      {post(chunked, "2\nhe\r\n0\r\n\r\n"), 400},
      {post(chunked, "2\r\nhello\r\n"), 400},
      {post(chunked, "2;" + std::string(head_max + 10, 'x')), 400},
  };
  for (const auto& row : rows)
    BOOST_TEST(verdict(row.bytes) == row.verdict, row.bytes << ": " << verdict(row.bytes) << " not " << row.verdict);
}

BOOST_AUTO_TEST_CASE(a_few_empty_lines_before_a_request_are_skipped_and_many_are_refused) {
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto lines = [](int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += "\r\n";
    return all;
  };
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1'000}}) {
    for (const int count : {1, 16, 17, 300}) {
      RequestReader reader{512, 512};
      std::string buffer;
      auto step = RequestReader::Step::more;
      const std::string bytes = lines(count) + request;
      for (std::size_t at = 0; at < bytes.size() && step == RequestReader::Step::more; at += piece) {
        buffer += bytes.substr(at, piece);
        step = reader.feed(buffer);
      }
      BOOST_TEST_CONTEXT(count << " lines, " << piece) {
        BOOST_CHECK(step == (count <= 16 ? RequestReader::Step::head : RequestReader::Step::refused));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_head_is_reported_before_the_body) {
  RequestReader reader(head_max, body_max);
  std::string buffer =
      post("Content-Length: 500\r\nExpect: 100-Continue\r\nContent-Encoding: br\r\nContent-Encoding: gzip\r\n", "he");
  BOOST_TEST((reader.feed(buffer) == Step::head));
  const auto& head = reader.head();
  BOOST_TEST(head.method == "POST");
  BOOST_TEST(head.target == "/hook?a=b");
  BOOST_TEST(head.content_encoding == "br, gzip");
  BOOST_TEST(head.content_length.value() == 500u);
  BOOST_TEST(head.has_body);
  BOOST_TEST(head.expects_continue);
  BOOST_TEST(head.keep_alive);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_only_as_http_1_1_says) {
  const auto kept = [](const std::string& version, const std::string& fields) {
    RequestReader reader(head_max, body_max);
    std::string buffer = "GET / " + version + "\r\nHost: a\r\n" + fields + "\r\n";
    BOOST_TEST((reader.feed(buffer) == Step::head));
    return reader.head().keep_alive;
  };
  BOOST_TEST(kept("HTTP/1.1", ""));
  BOOST_TEST(!kept("HTTP/1.1", "Connection: close\r\n"));
  BOOST_TEST(!kept("HTTP/1.0", ""));
  BOOST_TEST(!kept("HTTP/1.0", "Connection: keep-alive\r\n"));
}

BOOST_AUTO_TEST_CASE(an_absolute_target_is_read_as_its_path) {
  const auto target = [](const std::string& sent) {
    RequestReader reader(head_max, body_max);
    std::string buffer = "GET " + sent + " HTTP/1.1\r\nHost: a\r\n\r\n";
    BOOST_TEST((reader.feed(buffer) == Step::head));
    return reader.head().target;
  };
  BOOST_TEST(target("https://example.org/hook/x?q") == "/hook/x?q");
  BOOST_TEST(target("https://example.org") == "/");
  BOOST_TEST(target("https://example.org?q") == "/?q");
  BOOST_TEST(target("/redirect?to=https://example.org/x") == "/redirect?to=https://example.org/x");
  BOOST_TEST(target("*") == "*");
}

BOOST_AUTO_TEST_SUITE_END()
