#include "conformance/baseline.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "conformance/report_json.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"
#include "conformance/verdict.hpp"
#include "scripted_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;

namespace {

const Behaviour good = [](const Seen&) { return status(200); };
const Behaviour created = [](const Seen&) { return status(201); };

// Four MUST cases, of which E5 and E6 rest on D3-exactly-200.
Plan four_cases(Baseline baseline) {
  auto plan = plan_of({.only = {"D1-post-taken", "D3-exactly-200", "E5", "E6"}, .skip = {}, .events = {}});
  plan.baseline = std::move(baseline);
  return plan;
}

int code(const Report& report) {
  return static_cast<int>(exit_code(report));
}

const CaseResult& result_of(const Report& report, const std::string& id) {
  return *std::ranges::find_if(report.cases, [&](const CaseResult& result) { return result.definition->id == id; });
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(baseline)

BOOST_AUTO_TEST_CASE(an_expected_failure_does_not_fail_the_run_and_one_that_passes_does) {
  auto plan = plan_of({.only = {"D1-post-taken", "D3-exactly-200"}, .skip = {}, .events = {}});
  plan.baseline = {{"D3-exactly-200", "ticket 7"}};
  ScriptedConsumer bad(created);
  BOOST_TEST(code(judge(bad, plan)) == 0);
  ScriptedConsumer mended(good);
  BOOST_TEST(code(judge(mended, plan)) == 1);
}

BOOST_AUTO_TEST_CASE(a_must_that_could_not_be_tried_because_of_an_expected_failure_fails_the_run) {
  ScriptedConsumer consumer(created);
  const auto report = judge(consumer, four_cases({{"D3-exactly-200", "ticket 7"}}));
  BOOST_TEST(ids_with(report, Status::skipped) == "E5-invoice-deleted E6-invoice-updated");
  BOOST_TEST(code(report) == 1);
  BOOST_TEST(verdict(report) ==
             "not shown to conform: 2 MUST cases rest on an expected failure and could not be tried");
  BOOST_TEST(mentions(junit_report(report, {}),
                      "<failure message=\"rests on D3-exactly-200, an expected failure: not tried\">"));
  BOOST_TEST(
      mentions(tap_report(report, {}), "\nnot ok 3 - E5-invoice-deleted invoice.deleted is answered with 200\n"));
}

BOOST_AUTO_TEST_CASE(if_those_are_listed_too_there_is_still_no_verdict) {
  ScriptedConsumer consumer(created);
  const auto report = judge(consumer, four_cases({{"D3-exactly-200", "ticket 7"},
                                                  {"E5-invoice-deleted", "ticket 7"},
                                                  {"E6-invoice-updated", "ticket 7"}}));
  BOOST_TEST(code(report) == 4);
  BOOST_TEST(mentions(verdict(report), "not judged: MUST cases rest on expected failures"));
}

BOOST_AUTO_TEST_CASE(when_each_must_that_ran_is_an_expected_failure_nothing_was_shown) {
  ScriptedConsumer consumer(created);
  for (const bool repeated : {false, true}) {
    auto plan = plan_of({.only = {"D3-exactly-200", "D4-margin", "D1-other-path"}, .skip = {}, .events = {}});
    plan.baseline = {{"D3-exactly-200", "ticket 7"}};
    plan.repeat = repeated ? 2 : 1;
    const auto report = judge(consumer, plan);
    BOOST_TEST(code(report) == 4);
    BOOST_TEST(verdict(report) == "not judged: every MUST case that ran is an expected failure");
  }
}

BOOST_AUTO_TEST_CASE(a_should_that_passes_makes_up_for_an_expected_failure_only_strictly) {
  ScriptedConsumer consumer([](const Seen& push) { return push.event == "event.created" ? status(201) : status(200); });
  auto plan = plan_of({.only = {"E1", "E10-unknown-gets-200"}, .skip = {}, .events = {}});
  plan.baseline = {{"E1-event-created", "ticket 7"}};
  BOOST_TEST(code(judge(consumer, plan)) == 4);
  plan.strict = true;
  BOOST_TEST(code(judge(consumer, plan)) == 0);
}

BOOST_AUTO_TEST_CASE(strictly_a_should_that_could_not_be_tried_because_of_an_expected_failure_fails_the_run) {
  ScriptedConsumer consumer(created);
  auto plan = plan_of({.only = {"D1-post-taken", "D3-exactly-200", "D1-chunked"}, .skip = {}, .events = {}});
  plan.baseline = {{"D3-exactly-200", "ticket 7"}};
  BOOST_TEST(code(judge(consumer, plan)) == 0);
  plan.strict = true;
  const auto report = judge(consumer, plan);
  BOOST_TEST(code(report) == 1);
  BOOST_TEST(verdict(report) ==
             "not shown to conform: 1 MUST or SHOULD cases rest on an expected failure and could not be tried");
}

BOOST_AUTO_TEST_CASE(an_obstacle_that_is_no_expected_failure_leaves_the_code_to_itself) {
  ScriptedConsumer bad(created);
  BOOST_TEST(code(judge(bad, four_cases({}))) == 1);
  ScriptedConsumer unseen(
      [](const Seen& push) { return push.number < 2 ? status(200) : failed(mock::delivery::Outcome::interrupted); });
  const auto report = judge(unseen, four_cases({{"D3-exactly-200", "ticket 7"}}));
  BOOST_TEST(ids_with(report, Status::error) == "D3-exactly-200");
  BOOST_TEST(code(report) == 4);
}

BOOST_AUTO_TEST_CASE(a_listed_case_that_did_not_run_is_told_in_every_report) {
  auto plan = plan_of({.only = {"D3-exactly-200", "D7-expiry"}, .skip = {}, .events = {}});
  plan.target.over_tls = false;
  plan.baseline = {{"D7-expiry", "ticket 8"}};
  ScriptedConsumer consumer(good);
  const auto report = judge(consumer, plan);
  BOOST_TEST(code(report) == 0);
  BOOST_TEST(remarks(report, {}).back() == "listed in the baseline, but not run: D7-expiry");
  const auto& skipped = result_of(report, "D7-expiry");
  BOOST_TEST(mentions(explanation_text(skipped, {}), "not run: the URL is plain http\n"));
  BOOST_TEST(mentions(explanation_text(skipped, {}), "baseline: listed as failing, but it did not run: ticket 8\n"));
  BOOST_TEST(mentions(junit_report(report, {}),
                      "<skipped message=\"listed in the baseline, but not run: the URL is plain http\"/>"));
  BOOST_TEST(mentions(json_report(report), "\"baseline\":\"ticket 8\""));
}

BOOST_AUTO_TEST_SUITE_END()
