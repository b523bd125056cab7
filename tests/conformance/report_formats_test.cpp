// JUnit, TAP and HTML, byte by byte, and as other parsers read them.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "conformance/report_html.hpp"
#include "conformance/report_json.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"
#include "scripted_consumer.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

using namespace conformance_test;
using namespace mock::conformance;
using mock::delivery::Outcome;

namespace {

const ReportContext context{" --seed 7 --strict", {"--only", "--skip"}};

// One case of each status, and both ways of a baseline; the consumer's words are hostile.
Report mixed_report() {
  ScriptedConsumer consumer([](const Seen& push) {
    if (push.event == "offer.created") {
      auto refusal = status(500);
      refusal.received = "HTTP/1.1 500 Oops\r\nX: <b>\r\n\r\n]]>\x1b[2J /hook/secret";
      return refusal;
    }
    if (push.event == "offer.deleted") return status(204);
    auto answer = push.event == "offer.updated" ? failed(Outcome::not_http) : status(200);
    if (push.event == "rehearsal.created") answer = status(404);
    if (push.event == "invoice.deleted") answer = failed(Outcome::interrupted);
    answer.detail = "<b>\x1b[2J]]>&# \\ \xff\"'";
    return answer;
  });
  auto plan = plan_of({.only = {"D1-post-taken", "D3-exactly-200", "D4-burst", "E1", "E4", "E5", "E7", "E8", "E9",
                                "E10-unknown-gets-200"},
                       .skip = {"E4"},
                       .events = {}});
  plan.baseline = {{"E8-offer-deleted", "ticket #7 <later>"}, {"E1-event-created", "was broken"}};
  return judge(consumer, plan);
}

std::string golden(const std::string& name) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/conformance/golden/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void check_golden(const std::string& name, const std::string& made) {
  BOOST_TEST(made == golden(name));
}

#ifdef PYTHON
void check_with_other_parsers(const Report& report) {
  const test_support::TempFolder folder;
  const auto keep = [&](const char* name, const std::string& text) {
    std::ofstream(folder.file(name), std::ios::binary) << text;
  };
  keep("report.json", json_report(report));
  keep("report.xml", junit_report(report, context));
  keep("report.tap", tap_report(report, context));
  keep("report.html", html_report(report, context));
  const auto read = test_support::run({PYTHON, std::string(SOURCE_DIR) + "/tests/conformance/validate_reports.py",
                                       folder.path().string(), "hook/secret"});
  BOOST_TEST_INFO(read.err);
  BOOST_TEST(read.code == 0);
}
#endif

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Two cases of five were judged.
Report interrupted_report() {
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  consumer.interrupt_after = 4;
  return judge(consumer,
               plan_of({.only = {"D1-post-taken", "D3-exactly-200", "E1", "E2", "E3"}, .skip = {}, .events = {}}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_formats)

BOOST_AUTO_TEST_CASE(junit_is_the_golden_one) {
  check_golden("report.xml", junit_report(mixed_report(), context));
}

BOOST_AUTO_TEST_CASE(tap_is_the_golden_one) {
  check_golden("report.tap", tap_report(mixed_report(), context));
}

BOOST_AUTO_TEST_CASE(html_is_the_golden_one) {
  auto page = html_report(mixed_report(), context);
  const auto style = page.find(html_report_style());  // the look, which has no golden file: it may change
  BOOST_TEST_REQUIRE(style != std::string::npos);
  check_golden("report.html", page.erase(style, html_report_style().size()));
}

BOOST_AUTO_TEST_CASE(tap_of_an_endpoint_that_was_not_reached_bails_out) {
  ScriptedConsumer consumer([](const Seen&) { return refused(); });
  const auto tap = tap_report(judge(consumer), context);
  BOOST_TEST(tap.find("\nBail out! nothing was tested, for the endpoint could not be reached") != std::string::npos);
}

// Who looks at the report alone, and there at results alone, has to see it.
BOOST_AUTO_TEST_CASE(an_interrupted_run_is_incomplete_in_every_format) {
  const auto report = interrupted_report();
  const auto junit = junit_report(report, context);
  BOOST_TEST(
      mentions(junit, "<testsuite name=\"https://consumer.example:443/***\" tests=\"6\" failures=\"0\" errors=\"1\""));
  BOOST_TEST(mentions(junit,
                      "<testcase classname=\"conform\" name=\"verdict\" time=\"0.000\">\n"
                      "      <error message=\"interrupted: judged as far as it came\"/>\n"));
  const auto tap = tap_report(report, context);
  BOOST_TEST(mentions(tap, "1..5\n"));
  BOOST_TEST(!mentions(tap, "\nok 3 "));
  BOOST_TEST(tap.ends_with("\nBail out! interrupted: judged as far as it came\n"));
  BOOST_TEST(mentions(html_report(report, context), "<p>incomplete: 3 of 5 cases were not run</p>"));
  BOOST_TEST(
      mentions(json_report(report),
               "\"complete\": false,\n  \"full\": false,\n  \"verdict\": \"interrupted: judged as far as it came\""));
}

BOOST_AUTO_TEST_CASE(a_run_that_shows_nothing_has_a_result_that_says_so) {
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  const auto report = judge(consumer, plan_of({.only = {"E10-unknown-gets-200"}, .skip = {}, .events = {}}));
  const std::string verdict = "no MUST case was run: no verdict (--strict judges SHOULD cases alone)";
  BOOST_TEST(mentions(junit_report(report, context), "<error message=\"" + verdict + "\"/>"));
  BOOST_TEST(tap_report(report, context).ends_with("\nBail out! " + verdict + "\n"));
  BOOST_TEST(mentions(json_report(report), "\"complete\": true,"));
}

#ifdef PYTHON
BOOST_AUTO_TEST_CASE(other_parsers_read_the_same_cases_and_no_secret) {
  for (const auto& report : {mixed_report(), interrupted_report()}) check_with_other_parsers(report);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
