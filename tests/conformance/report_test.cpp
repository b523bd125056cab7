#include "conformance/report.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

#include "conformance/registry.hpp"
#include "conformance/report_json.hpp"
#include "conformance/report_text.hpp"
#include "scripted_consumer.hpp"

using namespace conformance_test;
using namespace mock::conformance;
using mock::delivery::Outcome;

namespace {

std::string text_of(const Report& report, TextOptions options, const Plan& plan = plan_of()) {
  std::ostringstream out;
  TextReport text(out, std::move(options));
  text.begin(plan, {12, 3456, 2});
  for (const auto& result : report.cases) {
    text.add(result);
  }
  text.end(report);
  return out.str();
}

const SelectionOptions three_cases{.only = {"D3-exactly-200", "D4-burst", "E1"}, .skip = {"E1"}, .events = {}};

Report report_on_201() {
  ScriptedConsumer consumer([](const Seen&) {
    auto answer = status(201);
    answer.received = "HTTP/1.1 201 Created\r\n\r\nhere /hook/secret";
    return answer;
  });
  return judge(consumer, plan_of(three_cases));
}

// Exit code and summary for results of these statuses.
Report report_with(std::initializer_list<Status> statuses) {
  Report report;
  for (const auto each : statuses) {
    CaseResult result;
    result.status = each;
    report.cases.push_back(result);
  }
  return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(text_explains_what_does_not_hold) {
  const std::string expected =
      R"(conform https://consumer.example:443/***: 2 of 3 cases, 12 requests (3456 bytes of bodies), seed 7
  FAIL  D3-exactly-200             a push is answered with 200  (8 ms)
          requirement  The status is 200: any other one, also 201, 202, 204 and every redirect, is a failed attempt. (MUST D3)
          accepted     status 200, complete in less than 5 s
          actual       status 201 after 8 ms
          request      POST, application/json, 364 bytes {"event":"event.created","data":{"id":"4caf6680-ea1d-11f0-aafe-4d33f1ffb34f","orgId":"4c16d000-ea1d-11f0-b2b9-75953f460819","createdAt":"2026-01-05T10:00:01Z","...
          answer       HTTP/1.1 201 Created | here ***
          likely cause A framework's default for POST, or a status that means "accepted" elsewhere. Only 200 is success (D3).
          fix          Set the status to 200 explicitly.
          repeat       mock-prospero conform "$TARGET_URL" --only D3-exactly-200 --seed 7 --ca ca.pem
  skip  E1-event-created           event.created is answered with 200  (left out by --skip)
  skip  D4-burst                   20 pushes at once are each answered within 5 s  (rests on D3-exactly-200)
0 passed, 1 failed, 2 skipped, 0 advice, 0 not judged
verdict: does not conform
not a full verdict: --only, --skip
)";
  BOOST_TEST(text_of(report_on_201(), {false, {" --seed 7 --ca ca.pem", {"--only", "--skip"}}}, plan_of(three_cases)) ==
             expected);
}

BOOST_AUTO_TEST_CASE(text_says_conforms_only_for_a_full_verdict) {
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  const std::string conforms = "verdict: conforms: every requirement holds\n";
  BOOST_TEST(text_of(judge(consumer), {}).ends_with(conforms));
  auto plan = plan_of();
  plan.lifted = true;
  const auto limited = text_of(judge(consumer, plan), {false, {"", {"--allow-local"}}});
  BOOST_TEST(limited.find(conforms) == std::string::npos);
  BOOST_TEST(limited.ends_with("not a full verdict: --allow-local\n"));
}

BOOST_AUTO_TEST_CASE(text_for_an_endpoint_that_was_not_reached_holds_no_counts) {
  ScriptedConsumer consumer([](const Seen&) { return refused(); });
  std::ostringstream out;
  TextReport(out, {}).end(judge(consumer));
  BOOST_TEST(out.str() ==
             "verdict: nothing was tested, for the endpoint could not be reached: unreachable after 1 ms (connection "
             "refused)\n");
}

BOOST_AUTO_TEST_CASE(json_has_the_fixed_fields) {
  const std::string expected = R"({
  "schema": 1,
  "summary": {"passed":0,"failed":1,"skipped":2,"advice":0,"error":0,"skippedForLevel":0,"flaky":0},
  "complete": true,
  "full": false,
  "verdict": "does not conform",
  "target": "https://consumer.example:443/***",
  "seed": 7,
  "cases": [
    {"id":"D3-exactly-200","clause":"D3","strength":"MUST","level":"black box","status":"failed","requirement":"The status is 200: any other one, also 201, 202, 204 and every redirect, is a failed attempt.","expected":["status 200, complete in less than 5 s"],"actual":"status 201 after 8 ms","reason":"A framework's default for POST, or a status that means \"accepted\" elsewhere. Only 200 is success (D3). Set the status to 200 explicitly.","ms":8,"request":"POST, application/json, 364 bytes {\"event\":\"event.created\",\"data\":{\"id\":\"4caf6680-ea1d-11f0-aafe-4d33f1ffb34f\",\"orgId\":\"4c16d000-ea1d-11f0-b2b9-75953f460819\",\"createdAt\":\"2026-01-05T10:00:01Z\",\"...","answer":"HTTP/1.1 201 Created | here ***"},
    {"id":"E1-event-created","clause":"E1","strength":"MUST","level":"black box","status":"skipped","requirement":"A push of event.created is taken like every other: status 200, in time.","expected":["status 200, complete in less than 5 s"],"actual":null,"reason":"left out by --skip","ms":0},
    {"id":"D4-burst","clause":"D4","strength":"MUST","level":"black box","status":"skipped","requirement":"A bulk change sends one push for each entity, all at once (D9); the 5 s hold for each of them.","expected":["status 200, complete in less than 5 s, to each of 20 pushes at once"],"actual":null,"reason":"rests on D3-exactly-200","ms":0}
  ]
}
)";
  BOOST_TEST(json_report(report_on_201()) == expected);
}

BOOST_AUTO_TEST_CASE(hostile_text_from_the_consumer_stays_harmless_in_both_formats) {
  ScriptedConsumer consumer([](const Seen& push) {
    auto answer = push.number == 0 ? status(200) : failed(Outcome::not_http);
    answer.detail = "got \x1b]0;owned\x07 \xff\"";
    return answer;
  });
  const auto judged = judge(consumer, plan_of({.only = {"D1-post-taken"}, .skip = {}, .events = {}}));
  const auto text = text_of(judged, {});
  BOOST_TEST(text.find('\x1b') == std::string::npos);
  BOOST_TEST(text.find("got \\x1b]0;owned\\x07 \\xff\"") != std::string::npos);
  const auto parsed = boost::json::parse(json_report(judged));
  BOOST_TEST(parsed.at("cases").at(0).at("actual") == "not_http after 3 ms (got \\x1b]0;owned\\x07 \\xff\")");
}

BOOST_AUTO_TEST_CASE(no_report_holds_the_secret_path) {
  const auto judged = report_on_201();
  BOOST_TEST(text_of(judged, {}).find("secret") == std::string::npos);
  BOOST_TEST(json_report(judged).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(color_marks_the_status_only_when_asked) {
  const auto judged = report_on_201();
  BOOST_TEST(text_of(judged, {}).find('\x1b') == std::string::npos);
  TextOptions colored;
  colored.color = true;
  BOOST_TEST(text_of(judged, colored).find("\x1b[31mFAIL \x1b[0m") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(exit_codes_follow_the_results) {
  using enum Status;
  const auto code = [](std::initializer_list<Status> statuses) {
    return static_cast<int>(exit_code(report_with(statuses)));
  };
  BOOST_TEST(code({passed}) == 0);
  BOOST_TEST(code({passed, skipped, advice}) == 0);
  BOOST_TEST(code({advice}) == 2);
  BOOST_TEST(code({passed, failed, error}) == 1);
  BOOST_TEST(code({passed, error}) == 4);
  BOOST_TEST(code({skipped, skipped}) == 2);
  BOOST_TEST(code({}) == 2);
}

BOOST_AUTO_TEST_CASE(lists_show_ids_without_running) {
  const auto selected =
      select(all_cases(),
             {.only = {"D3-exactly-200", "E10-unknown-gets-200", "E10-known-after-unknown"}, .skip = {}, .events = {}});
  BOOST_TEST(text_list(selected) == R"(D3-exactly-200             MUST    black box a push is answered with 200
E10-known-after-unknown    MUST    black box known pushes are still answered after unknown ones
E10-unknown-gets-200       SHOULD  black box an unknown webhook event is answered with 200
)");
  const auto listed = boost::json::parse(json_list(selected));
  BOOST_TEST(listed.at("schema") == 1);
  BOOST_TEST(listed.at("cases").as_array().size() == 3u);
  BOOST_TEST(listed.at("cases").at(0).at("restsOn") == "D4-in-time");
}

BOOST_AUTO_TEST_SUITE_END()
