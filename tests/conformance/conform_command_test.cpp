// The command as a person types it: flags, what is printed where, exit codes.
#include "cli/conform.hpp"

#include <httplib.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tls_consumer.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;
using namespace conformance_test;

namespace {

struct Ran {
  int code = -1;
  std::string out;      ///< standard output
  std::string refusal;  ///< what main() would print, with exit code 2
};

// Standard output of this process, kept while in scope.
class Captured {
 public:
  Captured() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~Captured() { std::cout.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

Ran conform(std::vector<std::string> arguments) {
  CLI::App app;
  std::function<int()> run;
  mock::cli::add_conform_command(app, run, false);
  arguments.insert(arguments.begin(), "conform");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  Ran ran;
  const Captured captured;
  try {
    app.parse(arguments);
    ran.code = run();
  } catch (const CLI::ParseError& error) {
    ran = {2, {}, error.what()};
  } catch (const std::exception& error) {
    ran = {2, {}, error.what()};
  }
  ran.out = captured.text();
  return ran;
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
  BOOST_TEST(mentions(counted.out, "1 cases, at most 2 pushes, "));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_refused_before_anything_is_sent) {
  const std::string url = "https://consumer.invalid/hook/secret";
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{}, "the URL to judge is missing"},
      {{url, "--only", "D3-exactly"}, "the nearest is D3-exactly-200"},
      {{url, "--skip", "X9"}, "--skip 'X9'"},
      {{url, "--events", "invoice.paid"}, "--events 'invoice.paid'"},
      {{url, "--report", "yaml"}, "--report yaml"},
      {{url, "--org", "x"}, "--org 'x'"},
      {{url, "--repeat", "0"}, "--repeat"},
      {{url, "--rate", "-1"}, "--rate"},
      {{url, "--fixtures", folder.file("none")}, "no event.json, invoice.json or offer.json"},
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
      BOOST_TEST(ran.out == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_baseline_expects_a_failure_and_tells_when_it_is_out_of_date) {
  const auto baseline = folder.file("baseline.json");
  std::ofstream(baseline) << R"({"expected": [{"id": "D3-exactly-200", "reason": "ticket 7"}]})";
  const auto expected = judge(201, {"--only", "D3-exactly-200", "--baseline", baseline});
  BOOST_TEST(expected.code == 0);
  BOOST_TEST(mentions(expected.out, "expected to fail: ticket 7"));
  const auto mended = judge(200, {"--only", "D3-exactly-200", "--baseline", baseline});
  BOOST_TEST(mended.code == 1);
  BOOST_TEST(mentions(mended.out, "listed as failing, but it passes"));
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

BOOST_AUTO_TEST_CASE(exported_pushes_carry_the_fields_of_recorded_entities, *utf::label("T4")) {
  std::ofstream(folder.file("event.json"))
      << R"({"event": "event.created", "data": {"id": "x", "createdAt": "x", "theirField": [1]}})";
  const auto out = folder.file("vectors");
  const auto ran =
      conform({"--export", out, "--fixtures", folder.path().string(), "--org", "0d3f1a50-1dd2-11b2-8000-010203040506",
               "--no-marker", "--only", "E1,D1-not-utf8,D1-malformed", "--seed", "3"});
  BOOST_TEST_INFO(ran.refusal);
  BOOST_TEST(ran.code == 0);
  BOOST_TEST(ran.out == "3 files, one for each case; nothing was sent\n");
  std::ifstream file(out + "/E1-event-created.json");
  const auto vector = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  BOOST_TEST(vector.at("status") == 200);
  const auto body = json::parse(std::string(vector.at("requests").at(0).at("body").as_string()));
  const auto& data = body.at("data").as_object();
  BOOST_TEST(data.at("theirField").at(0) == 1);
  BOOST_TEST(data.at("orgId") == "0d3f1a50-1dd2-11b2-8000-010203040506");
  BOOST_TEST(data.at("createdAt") == "2026-01-05T10:00:01Z");
  BOOST_TEST(data.size() == 4u);
  std::ifstream raw(out + "/D1-not-utf8.json");
  BOOST_TEST(
      json::parse(std::string(std::istreambuf_iterator<char>(raw), {})).at("requests").at(0).at("body").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
