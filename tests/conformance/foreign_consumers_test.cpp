// Good consumers in other languages and shapes are failed by nothing.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "support/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;

namespace {

const std::string path = "/hook/3c59dc048e8850243be8079a5c74d079";

struct Foreign {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  std::string ca = test_support::write_pem(folder.file("ca.pem"), authority.pem());

  // Starts `program SCRIPT CERT KEY PATH MORE...`, judges it, and gives the ids of the cases that failed.
  std::string failed_by(const std::string& program, const std::string& script, std::vector<std::string> more = {}) {
    const auto leaf = authority.issue();
    std::vector<std::string> command{program, std::string(SOURCE_DIR) + "/tests/conformance/foreign/" + script,
                                     test_support::write_pem(folder.file("cert.pem"), leaf.pem),
                                     test_support::write_pem(folder.file("key.pem"), leaf.key_pem), path};
    command.insert(command.end(), more.begin(), more.end());
    test_support::ChildProcess consumer(command, folder.file("log"));
    const auto url = consumer.read_line();
    wait_until_it_answers(url);
    const auto judged =
        test_support::run({MOCK_PROSPERO, "conform", url, "--ca", ca, "--allow-local", "--report", "json"});
    BOOST_TEST_INFO(judged.out << judged.err);
    BOOST_TEST((judged.code == 0 || judged.code == 4));
    const auto report = boost::json::parse(judged.out);
    std::string failed;
    for (const auto& entry : report.at("cases").as_array()) {
      if (entry.at("status") == "failed") failed += std::string(entry.at("id").as_string()) + " ";
    }
    BOOST_TEST(report.at("summary").at("passed").to_number<int>() > 40);
    return failed;
  }

  // The URL may be told before the port is open.
  void wait_until_it_answers(const std::string& url) const {
    for (int i = 0; i < 50; ++i) {
      const auto tried =
          test_support::run({MOCK_PROSPERO, "push", url, "--event", "event.created", "--ca", ca, "--allow-local"});
      if (tried.code == 0) return;
    }
    throw std::runtime_error("the foreign consumer never answered");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(foreign_consumers, Foreign, *utf::label("slow") * utf::label("D3"))

#ifdef NODE
BOOST_AUTO_TEST_CASE(node_https_is_failed_by_nothing) {
  BOOST_TEST(failed_by(NODE, "node_https.mjs") == "");
}

BOOST_AUTO_TEST_CASE(a_fetch_handler_is_failed_by_nothing) {
  BOOST_TEST(failed_by(NODE, "fetch_handler.mjs") == "");
}
#endif

BOOST_AUTO_TEST_CASE(pythons_standard_server_is_failed_by_nothing) {
  BOOST_TEST(failed_by(PYTHON, "python_server.py") == "");
}

#ifdef NGINX
BOOST_AUTO_TEST_CASE(nginx_that_answers_200_is_failed_by_nothing) {
  BOOST_TEST(failed_by(PYTHON, "nginx_static.py", {folder.path().string(), NGINX}) == "");
}
#endif

BOOST_AUTO_TEST_SUITE_END()
