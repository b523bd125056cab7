#include "contract/clauses.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace contract = mock::contract;

BOOST_AUTO_TEST_SUITE(clauses)

BOOST_AUTO_TEST_CASE(each_id_is_there_once) {
  std::set<std::string_view> ids;
  for (const auto& clause : contract::clauses()) BOOST_TEST(ids.insert(clause.id).second, clause.id << " twice");
}

BOOST_AUTO_TEST_CASE(every_section_is_complete_and_in_order) {
  const std::vector<std::pair<char, int>> sections{{'D', 9}, {'R', 5}, {'X', 4}, {'E', 11},
                                                   {'S', 3}, {'T', 7}, {'G', 7}, {'H', 9}};
  std::vector<std::string> expected;
  for (const auto& [letter, last] : sections) {
    for (int i = 1; i <= last; ++i) expected.push_back(letter + std::to_string(i));
  }
  std::vector<std::string> actual;
  for (const auto& clause : contract::clauses()) actual.emplace_back(clause.id);
  BOOST_TEST(actual == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_clause_says_what_it_demands) {
  for (const auto& clause : contract::clauses()) {
    BOOST_TEST(clause.text.size() > 20, clause.id);
    BOOST_TEST(clause.text.ends_with('.'), clause.id);
    BOOST_TEST(!contract::section_title(clause.id.front()).empty(), clause.id);
  }
  BOOST_TEST(contract::section_title('Z').empty());
}

BOOST_AUTO_TEST_CASE(marks_are_those_of_the_sources) {
  const std::set<std::string_view> stated{"D1", "D3",  "D4", "D5", "D6", "R1", "R3", "R4", "X1",
                                          "X4", "E1",  "E2", "E3", "E4", "E5", "E6", "E7", "E8",
                                          "E9", "E10", "S1", "S2", "S3", "T1", "T2", "T5"};
  for (const auto& clause : contract::clauses()) {
    BOOST_TEST((clause.mark == contract::Mark::stated) == stated.contains(clause.id), clause.id);
  }
  BOOST_TEST(to_text(contract::Mark::stated) == "stated");
  BOOST_TEST(to_text(contract::Mark::chosen) == "chosen");
}

BOOST_AUTO_TEST_CASE(a_flag_belongs_to_a_clause_with_a_value) {
  for (const auto& clause : contract::clauses()) {
    if (!clause.flag.empty()) BOOST_TEST(clause.value != nullptr, clause.id);
  }
}

// Where a stated clause fixes the value there is nothing to choose; section H is a rule for consumers.
BOOST_AUTO_TEST_CASE(every_chosen_value_has_a_flag_and_a_topic) {
  const std::set<std::string_view> fixed{"D1", "D3", "D4", "E5"};
  for (const auto& clause : contract::clauses()) {
    const bool has_choice = clause.value != nullptr && (clause.mark == contract::Mark::chosen || !clause.note.empty());
    BOOST_TEST(clause.flag.empty() == (!has_choice || fixed.contains(clause.id)), clause.id);
    BOOST_TEST(clause.topic.empty() == !has_choice, clause.id);
    BOOST_TEST(clause.topic.size() < 16, clause.id);
  }
}

BOOST_AUTO_TEST_CASE(clauses_are_found_by_id) {
  BOOST_REQUIRE(contract::find_clause("R1") != nullptr);
  BOOST_TEST(contract::find_clause("R1")->id == "R1");
  for (const auto* unknown : {"", "R", "R9", "r1", "R11"}) BOOST_TEST(contract::find_clause(unknown) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
