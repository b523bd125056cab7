// --repeat: what comes and goes is told in every report.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

#include "conformance/report_html.hpp"
#include "conformance/report_json.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"
#include "conformance/report_text.hpp"
#include "conformance/verdict.hpp"
#include "scripted_consumer.hpp"

using namespace conformance_test;
using namespace mock::conformance;

namespace {

// Four repetitions of one case, of which every other one gets 500; the first push asks whether anybody is there.
Report repeated(const Behaviour& behaviour) {
  ScriptedConsumer consumer(behaviour);
  auto plan = plan_of({.only = {"D3-exactly-200"}, .skip = {}, .events = {}});
  plan.repeat = 4;
  return judge(consumer, plan);
}

Report comes_and_goes() {
  return repeated([](const Seen& push) { return status(push.number % 2 == 1 ? 200 : 500); });
}

std::string text_of(const Report& report) {
  std::ostringstream out;
  TextReport text(out, {});
  text.add(report.cases.front());
  text.end(report);
  return out.str();
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flaky)

BOOST_AUTO_TEST_CASE(the_worst_repetition_counts_and_each_is_known) {
  const auto report = comes_and_goes();
  const auto& result = report.cases.front();
  BOOST_TEST((result.status == Status::failed));
  BOOST_TEST(is_flaky(result));
  BOOST_TEST(repetitions_text(result) == "failed in 2 of 4 repetitions, passed in 2");
  BOOST_TEST(summarize(report).flaky == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_always_gives_the_same_is_not_flaky) {
  const auto report = repeated([](const Seen&) { return status(200); });
  BOOST_TEST(!is_flaky(report.cases.front()));
  BOOST_TEST(report.cases.front().repetitions.size() == 4u);
  BOOST_TEST(!mentions(text_of(report), "flaky"));
}

BOOST_AUTO_TEST_CASE(repetitions_have_bodies_of_their_own) {
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  auto plan = plan_of({.only = {"D3-exactly-200"}, .skip = {}, .events = {}});
  plan.repeat = 2;
  judge(consumer, plan);
  BOOST_TEST(consumer.seen.at(1).body != consumer.seen.at(2).body);
}

BOOST_AUTO_TEST_CASE(every_report_tells_it) {
  const auto report = comes_and_goes();
  const std::string told = "failed in 2 of 4 repetitions, passed in 2";
  for (const auto& text :
       {text_of(report), junit_report(report, {}), tap_report(report, {}), html_report(report, {})}) {
    BOOST_TEST(mentions(text, told), text);
    BOOST_TEST(mentions(text, "flaky: D3-exactly-200"), text);
  }
  const auto parsed = boost::json::parse(json_report(report));
  BOOST_TEST(parsed.at("summary").at("flaky") == 1);
  BOOST_TEST(parsed.at("cases").at(0).at("flaky") == true);
  BOOST_TEST(parsed.at("cases").at(0).at("repetitions").as_array().size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
