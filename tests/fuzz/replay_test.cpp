// Replays what the fuzzer once found, and the vectors, through the fuzzer's own checks.
#include "invariants.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;

int replay(const fs::path& folder, std::string_view ending) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ending) continue;
    ++count;
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST(fuzz::broken_promise(bytes) == "", entry.path().filename() << ": " << fuzz::broken_promise(bytes));
  }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz_replay, *boost::unit_test::label("D1"))

BOOST_AUTO_TEST_CASE(crashes_of_the_past_stay_mended) {
  BOOST_TEST(replay(CRASHES_DIR, ".bin") > 0);
}

BOOST_AUTO_TEST_CASE(vectors_keep_every_promise) {
  BOOST_TEST(replay(VECTORS_DIR, ".json") > 100);
}

BOOST_AUTO_TEST_SUITE_END()
