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

#ifdef PYTHON
BOOST_AUTO_TEST_CASE(other_parsers_read_the_same_cases_and_no_secret) {
  const test_support::TempFolder folder;
  const auto report = mixed_report();
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

BOOST_AUTO_TEST_SUITE_END()
