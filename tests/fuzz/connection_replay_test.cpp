// The seeds of the two fuzzers of connections, and what they once found, through their own checks; cut in many ways.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "request_promises.hpp"
#include "response_promises.hpp"

namespace utf = boost::unit_test;

namespace {

void replay(const char* folder, std::string (*broken_promise)(std::string_view)) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    BOOST_REQUIRE(!bytes.empty());
    for (char piece = 0; piece < 64; ++piece) {
      bytes[0] = piece;
      const std::string broken = broken_promise(bytes);
      BOOST_TEST(broken == "", entry.path().filename() << ": " << broken);
    }
    ++count;
  }
  BOOST_TEST(count > 10);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connection_replay)

BOOST_AUTO_TEST_CASE(requests_keep_every_promise_however_they_are_cut, *utf::label("D1")) {
  replay(REQUESTS_DIR, fuzz::broken_request_promise);
}

BOOST_AUTO_TEST_CASE(answers_keep_every_promise_however_they_are_cut, *utf::label("D3")) {
  replay(RESPONSES_DIR, fuzz::broken_response_promise);
}

BOOST_AUTO_TEST_SUITE_END()
