#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "rules.hpp"

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Every page of the project by its path from the top.
std::map<std::string, std::string> read_pages() {
  namespace fs = std::filesystem;
  const fs::path top = SOURCE_DIR;
  std::map<std::string, std::string> pages;
  for (const fs::path& folder : {top, top / "docs"})
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".md")
        pages[entry.path().lexically_relative(top).string()] = text_of(entry.path());
  return pages;
}

/// Every source and build file of the project by its path from the top.
std::map<std::string, std::string> read_repository() {
  namespace fs = std::filesystem;
  const fs::path top = SOURCE_DIR;
  std::map<std::string, std::string> files;
  for (const char* folder : {"sdk", "sample-consumer", "mock-prospero", "tests", "cmake"}) {
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
      const auto ending = entry.path().extension();
      if (ending != ".cpp" && ending != ".hpp" && entry.path().filename() != "CMakeLists.txt") continue;
      files[entry.path().lexically_relative(top).string()] = text_of(entry.path());
    }
  }
  return files;
}

const std::map<std::string, std::string>& repository() {
  static const auto files = read_repository();
  return files;
}

void every_file_holds(tidy::Findings (*rule)(std::string_view, std::string_view)) {
  BOOST_TEST(repository().size() > 20u);
  for (const auto& [path, text] : repository()) {
    if (path.ends_with(".txt")) continue;
    for (const auto& finding : rule(path, text)) BOOST_ERROR(finding);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repository_holds)

BOOST_AUTO_TEST_CASE(the_include_rules) {
  every_file_holds(tidy::include_rules);
}
BOOST_AUTO_TEST_CASE(the_length_of_functions) {
  every_file_holds(tidy::function_length);
}
BOOST_AUTO_TEST_CASE(the_length_of_files) {
  every_file_holds(tidy::file_length);
}
BOOST_AUTO_TEST_CASE(no_leftover_markers) {
  every_file_holds(tidy::leftover_markers);
}
BOOST_AUTO_TEST_CASE(the_process_rules) {
  every_file_holds(tidy::process_rules);
}

BOOST_AUTO_TEST_CASE(no_seeded_fault_in_a_header) {
  every_file_holds(tidy::faults_in_headers);
}

BOOST_AUTO_TEST_CASE(no_test_outside_a_target) {
  for (const auto& finding : tidy::tests_outside_a_target(repository())) BOOST_ERROR(finding);
}

BOOST_AUTO_TEST_CASE(no_snippet_outside_a_target) {
  const auto pages = read_pages();
  BOOST_TEST(pages.size() > 3u);
  for (const auto& finding : tidy::snippets_outside_a_target(pages, repository().at("tests/docs/CMakeLists.txt")))
    BOOST_ERROR(finding);
}

BOOST_AUTO_TEST_CASE(the_quick_start_that_the_readme_shows) {
  const auto& program = repository().at("sample-consumer/quickstart/main.cpp");
  for (const auto& finding : tidy::program_not_shown("README.md", read_pages().at("README.md"), program))
    BOOST_ERROR(finding);
}

BOOST_AUTO_TEST_SUITE_END()
