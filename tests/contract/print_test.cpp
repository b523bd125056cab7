#include "contract/print.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "contract/clauses.hpp"

namespace contract = mock::contract;
namespace json = boost::json;

namespace {

const json::object& item(const json::value& printed, std::string_view id) {
  const auto& items = printed.at("clauses").as_array();
  const auto at =
      std::find_if(items.begin(), items.end(), [id](const json::value& v) { return v.at("id").as_string() == id; });
  BOOST_REQUIRE(at != items.end());
  return at->as_object();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print)

BOOST_AUTO_TEST_CASE(text_names_every_clause_with_its_mark) {
  const auto text = contract::print_text({});
  for (const auto& clause : contract::clauses()) {
    auto head = '\n' + std::string{clause.id};
    head.resize(5, ' ');
    BOOST_TEST(text.find(head + std::string{to_text(clause.mark)}) != std::string::npos, clause.id);
  }
  BOOST_TEST(text.ends_with('\n'));
}

BOOST_AUTO_TEST_CASE(text_lines_fit_a_terminal) {
  std::istringstream lines{contract::print_text({})};
  for (std::string line; std::getline(lines, line);) BOOST_TEST(line.size() <= 120u, line);
}

BOOST_AUTO_TEST_CASE(text_wraps_without_losing_a_word) {
  auto text = contract::print_text({});
  std::string squeezed;
  std::unique_copy(text.begin(), text.end(), std::back_inserter(squeezed),
                   [](char a, char b) { return std::isspace(a) && std::isspace(b); });
  std::replace(squeezed.begin(), squeezed.end(), '\n', ' ');
  for (const auto& clause : contract::clauses()) {
    BOOST_TEST(squeezed.find(std::string{clause.text}) != std::string::npos, clause.id);
  }
}

BOOST_AUTO_TEST_CASE(text_shows_the_value_in_force_and_its_flag) {
  contract::Values values;
  values.disable_after = 7;
  const auto text = contract::print_text(values);
  BOOST_TEST(text.find("value: after 7 consecutive failed attempts that span at least 0 s   "
                       "[--disable-after, --disable-span]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_has_every_clause_once_in_order) {
  const auto printed = json::parse(contract::print_json({}));
  const auto& items = printed.at("clauses").as_array();
  BOOST_REQUIRE(items.size() == contract::clauses().size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    BOOST_TEST((items[i].at("id").as_string() == contract::clauses()[i].id));
    BOOST_TEST((items[i].at("text").as_string() == contract::clauses()[i].text));
    BOOST_TEST((items[i].at("mark").as_string() == to_text(contract::clauses()[i].mark)));
  }
}

BOOST_AUTO_TEST_CASE(json_has_values_in_force_and_null_where_there_is_none) {
  contract::Values values;
  values.disable_after = 0;
  const auto printed = json::parse(contract::print_json(values));
  BOOST_TEST(item(printed, "X2") == (json::object{{"id", "X2"},
                                                  {"section", "disabling"},
                                                  {"text", contract::find_clause("X2")->text},
                                                  {"mark", "chosen"},
                                                  {"note", nullptr},
                                                  {"value", "never"},
                                                  {"flag", "--disable-after, --disable-span"}}));
  BOOST_TEST(item(printed, "D8").at("value").is_null());
  BOOST_TEST(item(printed, "D8").at("flag").is_null());
  BOOST_TEST(item(printed, "D3").at("note").as_string() == "redirects and 1xx");
}

BOOST_AUTO_TEST_CASE(assumptions_are_the_chosen_values) {
  contract::Values values;
  values.in_flight_per_webhook = 3;
  values.ca_files = {std::string(90, 'x')};
  const auto lines = contract::print_assumptions(values);
  const auto has = [&](std::string_view line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); };
  BOOST_TEST(has("D3   success         200"));
  BOOST_TEST(has("D6   URLs            https only; public addresses  [--allow-local, --allow-http, --allow-net]"));
  BOOST_TEST(has("G4   attempts        3 under way per webhook, 256 in all (128 kept for idle webhooks)"));
  BOOST_TEST(has("                     [--max-in-flight, --max-connections]"));
  BOOST_TEST(has("                     [--ca]"));
  for (const auto* stated : {"R1", "E1", "T1"}) {
    BOOST_TEST(
        std::ranges::none_of(lines, [&](const auto& line) { return line.starts_with(stated + std::string{' '}); }),
        stated);
  }
}

BOOST_AUTO_TEST_CASE(assumptions_fit_a_terminal) {
  for (const auto& line : contract::print_assumptions({})) BOOST_TEST(line.size() <= 100U, line);
}

BOOST_AUTO_TEST_SUITE_END()
