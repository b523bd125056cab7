#include "transport/response_reader.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

namespace utf = boost::unit_test;
using mock::transport::ResponseReader;
using State = ResponseReader::State;

namespace {

/// The same bytes at once and in every split in two must lead to the same end.
void check(const std::string& bytes, bool then_end, State state, int status) {
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ResponseReader reader;
    reader.feed(std::string_view(bytes).substr(0, cut));
    reader.feed(std::string_view(bytes).substr(cut));
    if (then_end) reader.feed_end();
    BOOST_TEST_CONTEXT("cut at " << cut << " " << reader.problem()) {
      BOOST_CHECK(reader.state() == state);
      BOOST_TEST(reader.status().value_or(0) == status);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(response_reader)

BOOST_AUTO_TEST_CASE(reads_the_same_whatever_the_pieces, *utf::label("D3")) {
  check("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP", false, State::complete, 200);
  check("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", false, State::complete, 200);
  check("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 103 y\r\nA: b\r\n\r\nHTTP/1.1 201 z\r\nContent-Length: 0\r\n\r\n", false,
        State::complete, 201);
  check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: r\r\n\r\n", false,
        State::complete, 200);
  check("HTTP/1.0 200 OK\r\n\r\nuntil the end", true, State::complete, 200);
  check("HTTP/1.1 204 No Content\r\n\r\n", false, State::complete, 204);
}

BOOST_AUTO_TEST_CASE(tells_an_early_end_from_what_is_no_http, *utf::label("D5")) {
  check("", true, State::closed_early, 0);
  check("HTT", true, State::closed_early, 0);
  check("HTTP/1.1 200 OK\r\n", true, State::closed_early, 0);
  check("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", true, State::closed_early, 200);
  check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true, State::closed_early, 200);
  check("HTTP/1.1 100 x\r\n\r\n", true, State::closed_early, 0);
  check("HTTQ/1.1 200 OK", false, State::not_http, 0);
  check("HTTP/1.1 200 OK\nX: y\n", false, State::not_http, 0);
  check("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", false, State::not_http, 0);
  check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, State::not_http, 200);
  check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", false, State::not_http, 200);
  check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: r\n\n", false, State::not_http, 200);
}

BOOST_AUTO_TEST_CASE(bounds_what_it_keeps, *utf::label("D5")) {
  const auto feed_endlessly = [](const std::string& start, const std::string& more) {
    ResponseReader reader;
    reader.feed(start);
    std::size_t fed = 0;
    for (; reader.state() == State::reading && fed < 2 * ResponseReader::head_bytes_max; fed += more.size())
      reader.feed(more);
    BOOST_CHECK(reader.state() == State::not_http);
  };
  feed_endlessly("HTTP/1.1 200 ", "x");
  feed_endlessly("HTTP/1.1 200 OK\r\n", "A: b\r\n");
  feed_endlessly("HTTP/1.1 200 OK\r\nA: ", "x");
  feed_endlessly("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x");
  ResponseReader at_once;
  at_once.feed("HTTP/1.1 200 OK\r\nA: " + std::string(80'000, 'x') + "\r\nContent-Length: 0\r\n\r\n");
  BOOST_CHECK(at_once.state() == State::not_http);
  ResponseReader below;
  below.feed("HTTP/1.1 200 OK\r\nA: " + std::string(60 * 1024, 'x') + "\r\nContent-Length: 0\r\n\r\n");
  BOOST_CHECK(below.state() == State::complete);
}

BOOST_AUTO_TEST_SUITE_END()
