// The witnesses that docs/conformance.md shows, each in a consumer.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;

namespace {

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The block that follows the mark `<!-- tried: NAME -->`.
std::string block(const std::string& name) {
  const auto page = content_of(std::string(SOURCE_DIR) + "/docs/conformance.md");
  const auto mark = page.find("<!-- tried: " + name + " -->\n```");
  const auto begin = page.find('\n', page.find("```", mark)) + 1;
  if (mark == std::string::npos) throw std::runtime_error("docs/conformance.md has no block " + name);
  return page.substr(begin, page.find("```", begin) - begin);
}

struct Snippets {
  test_support::TempFolder folder;

  std::string keep(const std::string& name, const std::string& text) const {
    std::ofstream(folder.file(name), std::ios::binary) << text;
    return folder.file(name);
  }

  // Ids of the cases of `only` that passed, by a consumer `program SCRIPT ARGUMENTS...`.
  std::string passed(const std::string& program, const std::string& script, std::vector<std::string> arguments,
                     std::vector<std::string> witness, const std::string& only) const {
    arguments.insert(arguments.begin(), {program, std::string(SOURCE_DIR) + "/tests/conformance/foreign/" + script});
    test_support::ChildProcess consumer(arguments, folder.file("log"));
    const auto url = consumer.read_line();
    if (witness.front() == "--witness") witness.push_back(url.substr(0, url.rfind('/')) + "/witness");
    std::vector<std::string> command{MOCK_PROSPERO, "conform", url, "--allow-local", "--allow-http", "--report",
                                     "json",        "--only",  only};
    command.insert(command.end(), witness.begin(), witness.end());
    const auto judged = test_support::run(command);
    BOOST_TEST_INFO(judged.out << judged.err);
    BOOST_TEST(judged.code == 0);
    std::string ids;
    const auto report = boost::json::parse(judged.out);
    for (const auto& entry : report.at("cases").as_array()) {
      if (entry.at("status") == "passed") ids += std::string(entry.at("id").as_string()) + " ";
    }
    return ids;
  }
};

const std::string asked =
    "D3-exactly-200,R3-answered-is-processed,R5-copy-acts-once,R5-copies-at-once-act-once,E10-unknown-is-processed,D1-"
    "malformed-is-"
    "listed";
const std::string all =
    "D3-exactly-200 R3-answered-is-processed R5-copy-acts-once R5-copies-at-once-act-once E10-unknown-is-processed "
    "D1-malformed-is-listed ";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(witness_snippets, Snippets, *utf::label("slow") * utf::label("R3"))

BOOST_AUTO_TEST_CASE(python_tells_what_it_processed) {
  BOOST_TEST(passed(PYTHON, "witness_consumer.py", {keep("witness.py", block("python"))}, {"--witness"}, asked) == all);
}

#ifdef NODE
BOOST_AUTO_TEST_CASE(node_tells_what_it_processed) {
  BOOST_TEST(passed(NODE, "witness_consumer.mjs", {keep("witness.mjs", block("node"))}, {"--witness"}, asked) == all);
}
#endif

// A log tells of no body that is kept aside.
BOOST_AUTO_TEST_CASE(a_command_reads_it_from_a_log) {
  auto command = block("shell");
  const std::string name = "consumer.log";
  command.replace(command.find(name), name.size(), keep(name, ""));
  BOOST_TEST(passed(PYTHON, "witness_consumer.py", {"--log", folder.file(name)}, {"--witness-cmd", command},
                    asked.substr(0, asked.rfind(','))) == all.substr(0, all.rfind('D')));
}

BOOST_AUTO_TEST_SUITE_END()
