// The seeds of the request fuzzer, and what it once found, through its own checks; cut in many ways.
#include "request_promises.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

BOOST_AUTO_TEST_SUITE(request_replay, *boost::unit_test::label("D1"))

BOOST_AUTO_TEST_CASE(requests_keep_every_promise_however_they_are_cut) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(REQUESTS_DIR)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    BOOST_REQUIRE(!bytes.empty());
    for (char piece = 0; piece < 64; ++piece) {
      bytes[0] = piece;
      const std::string broken = fuzz::broken_request_promise(bytes);
      BOOST_TEST(broken == "", entry.path().filename() << ": " << broken);
    }
    ++count;
  }
  BOOST_TEST(count > 10);
}

BOOST_AUTO_TEST_SUITE_END()
