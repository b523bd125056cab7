#include "rules.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "cpp_text.hpp"

namespace {

/// A function with that many lines from brace to brace.
std::string function_with(int lines) {
  std::string text = "int f() {\n";
  for (int i = 0; i < lines - 2; ++i) text += "  g();\n";
  return text + "}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(comments_and_literals_are_blanked) {
  BOOST_TEST(tidy::without_comments_and_literals("a(\"{\"); // {\n'{' /* {\n */ 1'000") ==
             "a(   );     \n        \n    1'000");
  BOOST_TEST(tidy::without_comments_and_literals("R\"x({)x\" b") == "         b");
}

BOOST_AUTO_TEST_CASE(a_function_of_71_lines_is_found_and_one_of_70_is_not) {
  BOOST_TEST(tidy::function_length("a.cpp", function_with(70)).size() == 0u);
  BOOST_TEST(tidy::function_length("a.cpp", function_with(71)).size() == 1u);
  BOOST_TEST(tidy::function_length("a.cpp", "namespace n {\nclass C {\n" + function_with(71) + "};\n}\n").size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_class_is_no_function_however_long) {
  std::string text = "struct S {\n";
  for (int i = 0; i < 90; ++i) text += "  int f() { return 1; }\n";
  BOOST_TEST(tidy::function_length("a.hpp", text + "};\n").size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_table_is_no_function_however_long) {
  std::string text = "constexpr int table[] = {\n";
  for (int i = 0; i < 90; ++i) text += "  {f(1), 2},\n";
  BOOST_TEST(tidy::function_length("a.hpp", text + "};\n").size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_of_401_lines_is_found) {
  BOOST_TEST(tidy::file_length("a.cpp", std::string(400, '\n')).size() == 0u);
  BOOST_TEST(tidy::file_length("a.cpp", std::string(401, '\n')).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_marker_is_found_with_its_line) {
  const auto findings = tidy::leftover_markers("a.cpp", std::string("int a;\n// FIX") + "ME later\n");
  BOOST_REQUIRE(findings.size() == 1u);
  BOOST_TEST(findings[0].starts_with("a.cpp:2: "));
}

BOOST_AUTO_TEST_CASE(each_layer_is_held_to_its_includes) {
  const auto breaks = [](const char* path, const char* include) {
    return tidy::include_rules(path, std::string("#include ") + include + "\n").size() == 1u;
  };
  BOOST_TEST(breaks("sdk/src/payload/parse.cpp", "<openssl/sha.h>"));
  BOOST_TEST(breaks("sdk/src/payload/parse.cpp", "\"prospero/webhooks/receive/inbox.hpp\""));
  BOOST_TEST(breaks("sdk/include/prospero/webhooks/receive/listener.hpp", "<boost/asio.hpp>"));
  BOOST_TEST(breaks("sdk/src/receive/worker.cpp", "\"delivery/sender.hpp\""));
  BOOST_TEST(breaks("sample-consumer/main.cpp", "\"transport/url.hpp\""));
  BOOST_TEST(breaks("mock-prospero/api/server.cpp", "<prospero/webhooks/webhooks.hpp>"));
  BOOST_TEST(breaks("mock-prospero/delivery/sender.cpp", "<thread>"));
  BOOST_TEST(breaks("mock-prospero/delivery/sender.cpp", "\"transport/url.hpp\""));
  BOOST_TEST(!breaks("mock-prospero/delivery/sender.cpp", "\"contract/contract.hpp\""));
  BOOST_TEST(!breaks("sdk/src/receive/sqlite_inbox.cpp", "<sqlite3.h>"));
}

BOOST_AUTO_TEST_CASE(reading_the_environment_outside_main_is_found) {
  BOOST_TEST(tidy::process_rules("sdk/src/a.cpp", "auto x = std::getenv(\"A\");\n").size() == 1u);
  BOOST_TEST(tidy::process_rules("sample-consumer/main.cpp", "auto x = std::getenv(\"A\");\n").size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_seeded_fault_in_a_header_is_found) {
  BOOST_TEST(tidy::faults_in_headers("sdk/src/a.hpp", "if (PROSPERO_FAULT(R1_x)) return;\n").size() == 1u);
  BOOST_TEST(tidy::faults_in_headers("sdk/include/a.hpp", "#include \"seeded_fault.hpp\"\n").size() == 1u);
  BOOST_TEST(tidy::faults_in_headers("sdk/src/a.cpp", "if (PROSPERO_FAULT(R1_x)) return;\n").size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_test_file_that_no_target_names_is_found) {
  BOOST_TEST(tidy::tests_outside_a_target({{"tests/a/x_test.cpp", ""}}).size() == 1u);
  BOOST_TEST(tidy::tests_outside_a_target({{"tests/a/x_test.cpp", ""}, {"tests/a/CMakeLists.txt", "y"}}).size() == 1u);
  BOOST_TEST(
      tidy::tests_outside_a_target({{"tests/a/x_test.cpp", ""}, {"tests/a/CMakeLists.txt", "x_test.cpp"}}).size() ==
      0u);
}

BOOST_AUTO_TEST_CASE(a_page_whose_snippets_no_target_names_is_found) {
  const std::string list = "foreach(page README docs/sdk)";
  BOOST_TEST(tidy::snippets_outside_a_target({{"docs/new.md", "a\n```cpp\nint i;\n```\n"}}, list).size() == 1u);
  BOOST_TEST(tidy::snippets_outside_a_target({{"sdk.md", "a\n```cpp\nint i;\n```\n"}}, list).size() == 1u);
  BOOST_TEST(tidy::snippets_outside_a_target({{"docs/new.md", "<!-- shown only -->\n```cpp\n"}}, list).size() == 0u);
  BOOST_TEST(
      tidy::snippets_outside_a_target({{"docs/sdk.md", "```cpp\n```"}, {"README.md", "```cpp\n```"}}, list).size() ==
      0u);
}

BOOST_AUTO_TEST_CASE(a_program_that_a_page_shows_otherwise_is_found) {
  const std::string page = "text\n```cpp\nint main() {}\n```\n";
  BOOST_TEST(tidy::program_not_shown("README.md", page, "int main() {}\n").size() == 0u);
  BOOST_TEST(tidy::program_not_shown("README.md", page, "int main() { }\n").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
