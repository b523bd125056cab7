// Good consumers in other languages and shapes are failed by nothing.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/certificates.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;

namespace {

const std::string path = "/hook/3c59dc048e8850243be8079a5c74d079";

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Foreign {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  std::unique_ptr<test_support::ChildProcess> consumer;
  std::string url;
  std::string ca = test_support::write_pem(folder.file("ca.pem"), authority.pem());

  // Starts `program SCRIPT CERT KEY PATH MORE...` and waits until it answers.
  void start(const std::string& program, const std::string& script, std::vector<std::string> more = {}) {
    const auto leaf = authority.issue();
    std::vector<std::string> command{program, std::string(SOURCE_DIR) + "/tests/conformance/foreign/" + script,
                                     test_support::write_pem(folder.file("cert.pem"), leaf.pem),
                                     test_support::write_pem(folder.file("key.pem"), leaf.key_pem), path};
    command.insert(command.end(), more.begin(), more.end());
    consumer = std::make_unique<test_support::ChildProcess>(command, folder.file("log"));
    url = consumer->read_line();
    wait_until_it_answers();
  }

  // Judges it and gives the ids of the cases that failed.
  std::string failed() const {
    const auto judged =
        test_support::run({MOCK_PROSPERO, "conform", url, "--ca", ca, "--allow-local", "--report", "json"});
    BOOST_TEST_INFO(judged.out << judged.err);
    BOOST_TEST((judged.code == 0 || judged.code == 4));
    const auto report = boost::json::parse(judged.out);
    std::string ids;
    for (const auto& entry : report.at("cases").as_array()) {
      if (entry.at("status") == "failed") ids += std::string(entry.at("id").as_string()) + " ";
    }
    BOOST_TEST(report.at("summary").at("passed").to_number<int>() > 40);
    return ids;
  }

  // The URL may be told before the port is open.
  void wait_until_it_answers() const {
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

// It keeps its inbox in the folder that it is started in.
BOOST_AUTO_TEST_CASE(the_quick_start_is_failed_by_nothing) {
  const auto leaf = authority.issue();
  const auto command = "cd " + folder.path().string() + " && exec " QUICKSTART " 0 " + path + " " +
                       test_support::write_pem(folder.file("cert.pem"), leaf.pem) + " " +
                       test_support::write_pem(folder.file("key.pem"), leaf.key_pem);
  consumer = std::make_unique<test_support::ChildProcess>(std::vector<std::string>{"/bin/sh", "-c", command},
                                                          folder.file("log"));
  url = consumer->read_line();
  BOOST_TEST(failed() == "");
}

#ifdef NODE
BOOST_AUTO_TEST_CASE(node_https_is_failed_by_nothing) {
  start(NODE, "node_https.mjs");
  BOOST_TEST(failed() == "");
}

BOOST_AUTO_TEST_CASE(a_fetch_handler_is_failed_by_nothing) {
  start(NODE, "fetch_handler.mjs");
  BOOST_TEST(failed() == "");
}
#endif

#ifdef NGINX
BOOST_AUTO_TEST_CASE(nginx_that_answers_200_is_failed_by_nothing) {
  start(PYTHON, "nginx_static.py", {folder.path().string(), NGINX});
  BOOST_TEST(failed() == "");
}
#endif

BOOST_AUTO_TEST_CASE(pythons_standard_server_is_failed_by_nothing) {
  start(PYTHON, "python_server.py");
  BOOST_TEST(failed() == "");
}

BOOST_AUTO_TEST_CASE(ctrl_c_gives_the_report_so_far) {
  start(PYTHON, "python_server.py");
  const auto junit = folder.file("conform.xml");
  test_support::ChildProcess conform(
      {MOCK_PROSPERO, "conform", url, "--ca", ca, "--allow-local", "--report", "text", "--report", "junit=" + junit});
  conform.read_until("D1-unicode");
  conform.signal(SIGINT);
  BOOST_TEST(conform.read_until("verdict: ") == "verdict: interrupted: judged as far as it came");
  BOOST_TEST(conform.wait().code == 130);
  const auto text = content_of(junit);
  BOOST_TEST(text.find("<testcase classname=\"D1\" name=\"D1-unicode\"") != std::string::npos);
  BOOST_TEST(text.find("the run was interrupted before it ended") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_shell_script_for_ci_judges_and_keeps_the_reports) {
  start(PYTHON, "python_server.py");
  const auto judged = test_support::run(
      {"/usr/bin/env", std::string("MOCK_PROSPERO=") + MOCK_PROSPERO, "REPORTS=" + folder.file("reports"),
       std::string(SOURCE_DIR) + "/packaging/ci/conform.sh", url, "--ca", ca, "--only", "D3-exactly-200"});
  BOOST_TEST_INFO(judged.out << judged.err);
  BOOST_TEST(judged.code == 0);
  BOOST_TEST(content_of(folder.file("reports/conform.xml")).find("failures=\"0\"") != std::string::npos);
  BOOST_TEST(content_of(folder.file("reports/conform.html")).starts_with("<!doctype html>"));
}

// Every user of a machine can read the arguments of a process.
BOOST_AUTO_TEST_CASE(the_shell_script_for_ci_keeps_the_url_off_command_lines) {
  const auto program = folder.file("program"), seen = folder.file("seen");
  std::ofstream(program) << "#!/bin/sh\necho \"$# $*, it is $CONFORM_URL\" >>" << seen << "\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string secret = "https://consumer.example/hook/secret";
  const auto run = [&](const std::string& argument) {
    std::filesystem::remove(seen);
    const auto ran =
        test_support::run({"/usr/bin/env", "MOCK_PROSPERO=" + program, "REPORTS=" + folder.file("reports"),
                           "HOOK=" + secret, std::string(SOURCE_DIR) + "/packaging/ci/conform.sh", argument});
    BOOST_TEST(ran.code == 0, ran.err);
    return content_of(seen);
  };
  for (const auto& argument : {std::string("env:HOOK"), secret}) {
    const auto arguments = run(argument);
    BOOST_TEST(arguments.starts_with("4 conform env:CONFORM_URL --only D3-exactly-200, it is " + secret + "\n"));
    BOOST_TEST(arguments.find("\n8 conform env:CONFORM_URL --report text ") != std::string::npos, arguments);
  }
}

BOOST_AUTO_TEST_CASE(the_files_for_ci_name_the_url_by_a_variable) {
  for (const auto* const name : {"github-actions.yml", "gitlab-ci.yml"}) {
    const auto text = content_of(std::string(SOURCE_DIR) + "/packaging/ci/" + name);
    BOOST_TEST(text.find("conform.sh env:TARGET_URL") != std::string::npos);
    BOOST_TEST(text.find("conform.sh \"http") == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
