// docs/conformance.md says of each case what the case itself says.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "conformance/registry.hpp"

using namespace mock::conformance;

namespace {

std::string condition_of(const Case& subject) {
  std::string out;
  if (subject.needs.level != Level::black_box) out += fmt::format(" Level {}.", to_text(subject.needs.level));
  if (subject.needs.tls) out += " Needs https.";
  if (subject.needs.disruptive) out += " Elsewhere than on loopback: with `--disruptive`.";
  return out;
}

std::string table() {
  std::string out = "| case | strength | what it means |\n|---|---|---|\n";
  for (const auto& subject : all_cases()) {
    out += fmt::format("| `{}` | {} | **{}**. {}{} |\n", subject.id, to_text(subject.strength), subject.title,
                       subject.requirement, condition_of(subject));
  }
  return out;
}

std::string page() {
  std::ifstream file(std::string(SOURCE_DIR) + "/docs/conformance.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_page)

BOOST_AUTO_TEST_CASE(its_table_is_made_from_the_cases) {
  const std::string begin = "<!-- cases: begin -->\n", end = "<!-- cases: end -->";
  const auto text = page();
  const auto from = text.find(begin), to = text.find(end);
  BOOST_TEST_REQUIRE((from != std::string::npos && to != std::string::npos));
  BOOST_TEST(text.substr(from + begin.size(), to - from - begin.size()) == table());
}

BOOST_AUTO_TEST_SUITE_END()
