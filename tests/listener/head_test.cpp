#include "listener_head.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

namespace detail = prospero::webhooks::detail;
using State = detail::HeadEnd::State;
using namespace std::string_literals;

namespace {

/// A POST with the fields given, as the scan sees it.
std::string head(const std::string& fields, const std::string& version = "HTTP/1.1") {
  return "POST /hook " + version + "\r\n" + fields + "\r\n";
}

struct Row {
  std::string head;
  std::string fault;  ///< a part of it; empty: none
  int status = 400;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(request_head)

BOOST_AUTO_TEST_CASE(shapes_that_two_parsers_could_read_differently_are_faults) {
  const std::string host = "Host: a\r\n";
  const std::string lengths = "more than one Content-Length", number = "not a number",
                    both = "both Content-Length and Transfer-Encoding", coding = "only chunked", folded = "folded",
                    field = "malformed header field", hosts = "Host", length = "no Content-Length";
  const Row rows[] = {
      {head(host), ""},
      {head(host + "Content-Length: 12\r\n"), ""},
      {head(host + "Transfer-Encoding: chunked\r\n"), ""},
      {head(host + "transfer-encoding:\t ChUnKeD \r\n"), ""},
      {head(host + "X-Empty:\r\nX-Colon: a:b\r\n"), ""},
      {head("", "HTTP/1.0"), length},
      {head(host, "HTTP/1.0"), length},
      {head(host + "Content-Length: 12\r\nContent-Length: 12\r\n"), lengths},
      {head(host + "Content-Length: 12\r\ncontent-length: 13\r\n"), lengths},
      {head(host + "Content-Length: 12, 12\r\n"), number},
      {head(host + "Content-Length: +12\r\n"), number},
      {head(host + "Content-Length: 0x1\r\n"), number},
      {head(host + "Content-Length:\r\n"), number},
      {head(host + "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n"), both},
      {head(host + "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n"), both},
      {head(host + "Transfer-Encoding: gzip, chunked\r\n"), "no transfer coding but chunked", 501},
      {head(host + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), "no transfer coding but", 501},
      {head(host + "Transfer-Encoding: ,chunked\r\n"), "no transfer coding but", 501},
      {head(host + "Transfer-Encoding: gzip, chunked\r\nContent-Length: 1\r\n"), both},
      {head(host + "Transfer-Encoding: identity\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked, identity\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked, chunked\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked,\r\n"), coding},
      {head(host + "Transfer-Encoding: xchunked\r\n"), coding},
      {head(host + "Transfer-Encoding: \"chunked\"\r\n"), coding},
      {head(host + "Transfer-Encoding:\r\n"), coding},
      {head(host + "Transfer-Encoding: chunked\r\n", "HTTP/1.0"), "HTTP/1.0"},
      {head(host + "X-A: 1\r\n Content-Length: 3\r\n"), folded},
      {head(" Host: a\r\n"), folded},
      {head(host + "X-A: 1\r\n\tb\r\n"), folded},
      {head("Content-Length: 0\r\n", "HTTP/1.0"), ""},
      {"GET /hook/abc HTTP/1.0\r\n\r\n", ""},
      {head(host + "Content-Length : 3\r\n"), field},
      {head(host + "Content Length: 3\r\n"), field},
      {head(host + ": 3\r\n"), field},
      {head(host + "no colon\r\n"), field},
      {head(host + "B\xc3\xa4h: 3\r\n"), field},
      {head(""), hosts},
      {head(host + host), hosts},
      {head(host + host + "Content-Length: 1\r\n", "HTTP/1.0"), hosts},
  };
  for (const Row& row : rows) {
    const auto fault = detail::fault_in_head(row.head);
    BOOST_TEST_CONTEXT(row.head) {
      BOOST_TEST(fault.has_value() == !row.fault.empty());
      if (!fault) continue;
      BOOST_TEST(std::string(fault->why).find(row.fault) != std::string::npos);
      BOOST_TEST(fault->status == row.status);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_end_is_found_however_the_bytes_are_cut) {
  const std::string whole = head("Host: a\r\n");
  const std::string bytes = whole + "body\r\n\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto first = detail::find_head_end(bytes.substr(0, cut), 0);
    BOOST_TEST((first.state == State::incomplete), "cut at " << cut);
    const auto second = detail::find_head_end(bytes, first.size);
    BOOST_TEST((second.state == State::complete), "cut at " << cut);
    BOOST_TEST(second.size == whole.size(), "cut at " << cut);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_can_be_in_no_head_are_malformed_before_it_is_complete) {
  for (const std::string& bytes : {"GET / HTTP/1.1\n"s, "GET / HTTP/1.1\r\nA: b\n"s, "\n"s, "GET /\0"s, "GET /\x01"s,
                                   "GET / HTTP/1.1\rA"s, "\x16\x03\x01"s, "GET /\x7f"s, "GET / HTTP/1.1\r\n\n"s})
    BOOST_TEST((detail::find_head_end(bytes, 0).state == State::malformed), bytes);
}

BOOST_AUTO_TEST_SUITE_END()
