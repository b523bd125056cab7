#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <iterator>

#include "programs.hpp"

namespace utf = boost::unit_test;

namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quickstart)

BOOST_AUTO_TEST_CASE(the_thirty_line_consumer_takes_pushes_over_tls, *utf::label("D3") * utf::label("E6")) {
  const test_support::TempFolder folder, working_folder;
  const e2e::Consumer certificates(folder);
  test_support::ChildProcess quickstart({"/usr/bin/env", "-C", working_folder.path().string(),
                                         e2e::program("quickstart"), "0", "/hook/secret", folder.file("tls/cert.pem"),
                                         folder.file("tls/key.pem")});
  const std::string url = quickstart.read_line();
  BOOST_TEST(e2e::push(folder, url, {"--event", "invoice.updated"}).code == 0);
  quickstart.read_until("changed");
  BOOST_TEST(e2e::push(folder, url, {"--event", "budget.approved"}).code == 0);
  quickstart.read_until("no handler for \"budget.approved\"");
  quickstart.signal(SIGTERM);
  BOOST_TEST(quickstart.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(the_readme_shows_it_to_the_letter) {
  const auto source = text_of(SOURCE_DIR "/sample-consumer/quickstart/main.cpp");
  BOOST_TEST(source.size() > 100u);
  BOOST_TEST(text_of(SOURCE_DIR "/README.md").find(source) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
