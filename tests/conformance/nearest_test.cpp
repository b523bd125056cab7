#include "conformance/nearest.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "conformance/registry.hpp"

using namespace mock::conformance;

namespace {

// As --only has them.
std::vector<std::string> filter_names() {
  std::vector<std::string> names;
  for (const auto& each : all_cases()) {
    names.insert(names.end(), {each.id, each.clause, each.clause.substr(0, 1)});
  }
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nearest_name)

BOOST_AUTO_TEST_CASE(is_what_was_meant) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"d", "D"},
      {"e10", "E10"},
      {"d3-EXACTLY-200", "D3-exactly-200"},
      {"D3-exactly", "D3-exactly-200"},
      {"D3-exactyl-200", "D3-exactly-200"},  // two letters changed places
      {"D3-exactly-20O", "D3-exactly-200"},
      {"X3-exactly-200", "D3-exactly-200"},
      {"D4burst", "D4-burst"},
      {"sni", "D7-sni"},  // and no clause letter, which is as few changes away
      {"tls13", "D7-tls13"},
      {"chunk", "D1-chunked"},
      {"exactly-200", "D3-exactly-200"},
      {"event.created", "E1-event-created"},
      {"unknown-200", "E10-unknown-gets-200"},
  };
  for (const auto& [typed, meant] : rows) BOOST_TEST(nearest(typed, filter_names()) == meant, typed);
}

BOOST_AUTO_TEST_CASE(is_some_name_whatever_was_typed) {
  for (const std::string typed : {"", "\x1b[2J", "Q", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}) {
    BOOST_TEST(!nearest(typed, filter_names()).empty());
  }
  BOOST_TEST(nearest(std::string(1 << 20, 'a'), {"b"}) == "b");
}

BOOST_AUTO_TEST_SUITE_END()
