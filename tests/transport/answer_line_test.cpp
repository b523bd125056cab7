#include "transport/answer_line.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

using mock::transport::answer_line;

namespace {

const std::string url = "https://a.example/hook/secret";

}  // namespace

BOOST_AUTO_TEST_SUITE(how_an_answer_began)

BOOST_AUTO_TEST_CASE(is_status_reason_and_media_type) {
  BOOST_TEST(answer_line({"HTTP/1.1 404", "Not Found", "text/html"}, url) ==
             "HTTP/1.1 404 Not Found; Content-Type: text/html");
  BOOST_TEST(answer_line({"HTTP/1.1 404", "", ""}, url) == "HTTP/1.1 404");
  BOOST_TEST(answer_line({"", "SSH-2.0-x", ""}, url) == "SSH-2.0-x");
  BOOST_TEST(answer_line({}, url) == "");
}

BOOST_AUTO_TEST_CASE(loses_the_path_only_where_the_consumer_wrote) {
  BOOST_TEST(answer_line({"HTTP/1.1 404", "no /content-type", "x/content-type"}, "https://a.example/content-type") ==
             "HTTP/1.1 404 no ***; Content-Type: x***");
}

// 40 times a path of 409 bytes is more than what is kept of a line, which ends in the midst of one.
BOOST_AUTO_TEST_CASE(tells_nothing_of_a_path_that_is_longer_than_the_line) {
  std::string path = "/hook/";
  while (path.size() < 409) path += std::to_string(path.size()) + '-';
  std::string echo;
  for (int i = 0; i < 40; ++i) echo += path;
  const auto kept = echo.substr(0, mock::transport::ResponseReader::opening_bytes_max);
  BOOST_TEST(answer_line({"HTTP/1.1 404", kept, ""}, "https://a.example" + path) == "HTTP/1.1 404 ***");
  BOOST_TEST(answer_line({"", kept, ""}, "https://a.example" + path) == "***");
}

BOOST_AUTO_TEST_CASE(has_160_bytes_at_most_and_ends_with_a_whole_escape) {
  BOOST_TEST(answer_line({"", std::string(160, 'x'), ""}, url) == std::string(160, 'x'));
  BOOST_TEST(answer_line({"", std::string(161, 'x'), ""}, url) == std::string(157, 'x') + "...");
  for (std::size_t before = 0; before < 8; ++before) {
    const auto line = answer_line({"", std::string(before, 'x') + std::string(100, '\x01'), ""}, url);
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(line.size() <= 160u);
      BOOST_TEST(line.ends_with("\\x01..."));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
