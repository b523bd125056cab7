// The command as a person types it: flags, what is printed where, exit codes.
#include "cli/conform.hpp"

#include <httplib.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "conform_run.hpp"
#include "tls_consumer.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;
using namespace conformance_test;

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Consumers {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  std::string ca_file = test_support::write_pem(folder.file("my ca.pem"), authority.pem());

  Ran judge(int status, std::vector<std::string> more) const {
    const TlsConsumer consumer(authority.issue(), [status](TlsConsumer&, const httplib::Request&,
                                                           httplib::Response& response) { response.status = status; });
    std::vector<std::string> arguments{consumer.url(), "--ca", ca_file, "--allow-local"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return conform(arguments);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conform_command, Consumers)

BOOST_AUTO_TEST_CASE(a_good_consumer_gives_0_and_a_verdict_that_is_not_full, *utf::label("D6")) {
  const auto report = folder.file("report.json");
  const auto ran = judge(200, {"--only", "D1-post-taken,D3-exactly-200", "--seed", "5", "--report", "json=" + report});
  BOOST_TEST(ran.code == 0);
  BOOST_TEST(mentions(ran.out, "2 passed, 0 failed, 0 skipped"));
  BOOST_TEST(mentions(ran.out, "not a full verdict: --allow-local, --only"));
  std::ifstream file(report);
  const auto parsed = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  BOOST_TEST(parsed.at("full") == false);
  BOOST_TEST(parsed.at("seed") == 5);
}

BOOST_AUTO_TEST_CASE(a_failure_gives_1_and_says_how_to_repeat_the_case, *utf::label("D3")) {
  const auto ran = judge(204, {"--only", "D3-exactly-200", "--seed", "5", "--events", "offer.updated"});
  BOOST_TEST(ran.code == 1);
  BOOST_TEST(mentions(ran.out, "conform \"$TARGET_URL\" --only D3-exactly-200 --seed 5 --ca '" + ca_file +
                                   "' --allow-local --events offer.updated\n"));
  BOOST_TEST(!mentions(ran.out, "secret"));
}

BOOST_AUTO_TEST_CASE(json_on_standard_output_is_nothing_else) {
  const auto ran = judge(201, {"--report", "json", "--only", "D3"});
  BOOST_TEST(ran.code == 1);
  BOOST_TEST(json::parse(ran.out).at("cases").at(0).at("id") == "D3-exactly-200");
  BOOST_TEST(!mentions(ran.out, "secret"));
}

BOOST_AUTO_TEST_CASE(when_everything_is_left_out_the_code_is_2) {
  BOOST_TEST(judge(200, {"--only", "D3", "--skip", "D"}).code == 2);
}

BOOST_AUTO_TEST_CASE(list_and_dry_run_need_no_url_and_give_0) {
  const auto listed = conform({"--list", "--only", "D3-exactly-200"});
  BOOST_TEST(listed.code == 0);
  BOOST_TEST(listed.out == "D3-exactly-200             MUST    black box a push is answered with 200\n");
  BOOST_TEST(json::parse(conform({"--list", "--report", "json"}).out).at("cases").as_array().size() > 10u);
  const auto counted = conform({"--dry-run", "--only", "D3-exactly-200", "--seed", "1"});
  BOOST_TEST(counted.code == 0);
  BOOST_TEST(counted.out.starts_with("1 of 1 cases, 3 requests ("));
  BOOST_TEST(
      mentions(counted.out, "counted for an https URL with a host name, not on loopback; give the URL to know\n"));
}

BOOST_AUTO_TEST_CASE(a_dry_run_counts_for_the_url_and_the_flags) {
  const auto counted = [](std::vector<std::string> more) {
    std::vector<std::string> arguments{"--dry-run", "--only", "D4-burst,D7-tls13,D3-exactly-200", "--seed", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return conform(arguments).out;
  };
  const std::string url = "https://consumer.example/hook/secret";
  const auto careful = counted({url});
  BOOST_TEST(careful.starts_with("2 of 3 cases, 4 requests ("));
  BOOST_TEST(mentions(careful, "skipped: 1 (may disturb a real system: give --disruptive)\n"));
  BOOST_TEST(counted({url, "--disruptive"}).starts_with("3 of 3 cases, 24 requests ("));
  const auto plain = counted({"http://localhost/hook/secret", "--allow-http", "--allow-local"});
  BOOST_TEST(plain.starts_with("2 of 3 cases, 23 requests ("));
  BOOST_TEST(mentions(plain, "skipped: 1 (the URL is plain http)\n"));
}

BOOST_AUTO_TEST_CASE(a_list_that_a_format_does_not_have_is_refused) {
  for (const std::string format : {"junit", "tap", "html"}) {
    const auto ran = conform({"--list", "--report", format});
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(mentions(ran.refusal, "--list: there is no list as " + format));
    BOOST_TEST(ran.out == "");
  }
}

BOOST_AUTO_TEST_CASE(a_run_without_a_must_case_is_no_verdict, *utf::label("S2")) {
  const auto ran = judge(200, {"--only", "E1", "--events", "invoice.created"});
  BOOST_TEST(ran.code == 2);
  BOOST_TEST(mentions(ran.out, "1 passed, 0 failed"));
  BOOST_TEST(mentions(ran.out, "verdict: no MUST case was run: no verdict (--strict judges SHOULD cases alone)\n"));
}

BOOST_AUTO_TEST_CASE(a_report_that_breaks_off_does_not_hide_a_failure) {
  BOOST_TEST(judge(201, {"--only", "D3", "--report", "json=/dev/full"}).code == 1);
  BOOST_TEST(judge(200, {"--only", "D3-exactly-200", "--report", "json=/dev/full"}).code == 2);
}

BOOST_AUTO_TEST_CASE(a_failure_shows_the_answer_without_the_path) {
  const TlsConsumer consumer(authority.issue(),
                             [](TlsConsumer&, const httplib::Request& request, httplib::Response& response) {
                               response.status = 404;
                               response.set_content("Cannot POST " + request.path + "\x01", "text/plain");
                             });
  const auto html = folder.file("report.html"), report = folder.file("report.json");
  const auto ran = conform({consumer.url(), "--ca", ca_file, "--allow-local", "--only", "D1-post-taken", "--report",
                            "text", "--report", "html=" + html, "--report", "json=" + report});
  BOOST_TEST(ran.code == 1);
  const std::string shown = " | Cannot POST ***\\x01";
  for (const auto& text : {ran.out, content_of(html)}) {
    BOOST_TEST(mentions(text, "HTTP/1.1 404 Not Found | "));
    BOOST_TEST(mentions(text, shown));
    BOOST_TEST(!mentions(text, "secret"));
  }
  const auto judged = json::parse(content_of(report)).at("cases").at(0);
  BOOST_TEST(judged.at("answer").as_string().ends_with(shown));
  BOOST_TEST(judged.at("request").as_string().starts_with("POST, application/json, "));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_refused_before_anything_is_sent) {
  const std::string url = "https://consumer.invalid/hook/secret";
  for (const char* name : {"empty", "misspelled"}) std::filesystem::create_directory(folder.file(name));
  for (const char* name : {"offer.json", "invoices.json"}) std::ofstream{folder.file("misspelled/") + name} << "{}";
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{}, "the URL to judge is missing"},
      {{url, "--only", "D3-exactly"}, "the nearest is D3-exactly-200"},
      {{url, "--skip", "X9"}, "--skip 'X9'"},
      {{url, "--events", "invoice.paid"}, "--events 'invoice.paid'"},
      {{url, "--report", "yaml"}, "--report yaml"},
      {{url, "--org", "x"}, "--org 'x'"},
      {{url, "--repeat", "0"}, "--repeat"},
      {{url, "--rate", "-1"}, "--rate"},
      {{url, "--fixtures", folder.file("none")}, "No such file or directory"},
      {{url, "--fixtures", folder.file("empty")}, "no event.json, invoice.json or offer.json"},
      {{url, "--fixtures", folder.file("misspelled")},
       "invoices.json: none of event.json, invoice.json and offer.json"},
      {{url, "--baseline", folder.file("none.json")}, "cannot be read"},
      {{url, "--report", "json=" + folder.file("no/folder/a.json")}, "cannot be written"},
      {{url, "--seed", "-1"}, "--seed"},
      {{url, "--allow-net", "10.0.0.0/99"}, "10.0.0.0/99"},
      {{url, "--dns", "not an address"}, "not an address"},
      {{url, "--ca", folder.file("none.pem")}, "none.pem"},
      {{"http://consumer.invalid/hook/secret"}, "--allow-http"},
      {{"https://127.0.0.1/hook/secret"}, "--allow-local"},
  };
  for (const auto& [arguments, part] : rows) {
    BOOST_TEST_CONTEXT(part) {
      const auto ran = conform(arguments);
      BOOST_TEST(ran.code == 2);
      BOOST_TEST_INFO(ran.refusal);
      BOOST_TEST(mentions(ran.refusal, part));
      BOOST_TEST(!mentions(ran.refusal, "secret"));
      BOOST_TEST((ran.out.empty() || ran.out.starts_with("verdict: nothing was tested: ")), ran.out);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_baseline_expects_a_failure_and_tells_when_it_is_out_of_date) {
  const auto baseline = folder.file("baseline.json");
  std::ofstream(baseline) << R"({"expected": [{"id": "D3-exactly-200", "reason": "ticket 7"}]})";
  const auto expected = judge(201, {"--only", "D1-post-taken,D3-exactly-200", "--baseline", baseline});
  BOOST_TEST(expected.code == 0);
  BOOST_TEST(judge(201, {"--only", "D3-exactly-200", "--baseline", baseline}).code == 4);
  BOOST_TEST(mentions(expected.out, "expected to fail: ticket 7"));
  const auto mended = judge(200, {"--only", "D3-exactly-200", "--baseline", baseline});
  BOOST_TEST(mended.code == 1);
  BOOST_TEST(mentions(mended.out, "listed as failing, but it passes"));
}

BOOST_AUTO_TEST_CASE(a_baseline_that_a_filter_leaves_out_is_refused) {
  const auto baseline = folder.file("baseline.json");
  std::ofstream(baseline) << R"({"expected": [{"id": "D4-margin", "reason": "ticket 7"}]})";
  const auto excluded = conform({"https://consumer.invalid/", "--only", "D3", "--baseline", baseline});
  BOOST_TEST(excluded.code == 2);
  BOOST_TEST(mentions(excluded.refusal, "D4-margin is listed, but --only leaves it out"));
  BOOST_TEST(mentions(conform({"--dry-run", "--skip", "D4", "--baseline", baseline}).refusal, "--skip leaves it out"));
}

BOOST_AUTO_TEST_CASE(a_baseline_that_is_none_is_refused) {
  const auto file = folder.file("baseline.json");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"{", "no JSON"},
      {"[]", "a baseline is"},
      {R"({"expected": [{"id": "D3-exactly-20", "reason": "x"}]})", "the nearest is D3-exactly-200"},
      {R"({"expected": [{"id": "D3-exactly-200", "reason": ""}]})", "has no text for \"reason\""},
      {R"({"expected": [{"id": "D4-burst", "reason": "x"}, {"id": "D4-burst", "reason": "y"}]})", "listed twice"},
  };
  for (const auto& [text, part] : rows) {
    std::ofstream(file) << text;
    const auto ran = conform({"--list", "--baseline", file});
    BOOST_TEST_INFO(ran.refusal);
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(mentions(ran.refusal, part));
  }
}

BOOST_AUTO_TEST_CASE(each_report_says_why_there_was_no_url_to_judge, *utf::label("D6")) {
  const auto file = folder.file("report");
  for (const std::string format : {"json", "junit", "tap", "html"}) {
    BOOST_TEST_CONTEXT(format) {
      const auto refused = conform({"https://10.0.0.1/x", "--report", format + "=" + file});
      BOOST_TEST(refused.code == 2);
      BOOST_TEST(mentions(content_of(file), "nothing was tested: "));
      const auto silent = conform({"-", "--exec", "true", "--report", format + "=" + file});
      BOOST_TEST(silent.code == 2);
      BOOST_TEST(mentions(content_of(file), "nothing was tested: --exec: it ended before it printed its URL"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_person_may_end_the_wait_for_the_url_of_exec) {
  const auto file = folder.file("report.xml");
  const auto command = "kill -INT " + std::to_string(::getpid()) + "; exec sleep 60";
  const auto ran = conform({"-", "--exec", command, "--only", "D3", "--report", "junit=" + file});
  BOOST_TEST(ran.code == 130);
  BOOST_TEST(mentions(ran.out, "interrupted: judged as far as it came"));
  BOOST_TEST(mentions(content_of(file), "<error message=\"interrupted: "));
}

BOOST_AUTO_TEST_SUITE_END()
