#include "conformance/run.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "conformance/dry_run.hpp"
#include "conformance/registry.hpp"
#include "scripted_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;
using mock::delivery::Outcome;
using std::chrono::milliseconds;

namespace {

const Behaviour good = [](const Seen&) { return status(200); };
const Behaviour late = [](const Seen&) { return no_answer_in_time(); };

const CaseResult& result_of(const Report& report, const std::string& id) {
  return *std::ranges::find_if(report.cases, [&](const CaseResult& result) { return result.definition->id == id; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_of_cases)

BOOST_AUTO_TEST_CASE(an_endpoint_that_cannot_be_reached_runs_no_case, *utf::label("D5")) {
  ScriptedConsumer consumer([](const Seen&) { return refused(); });
  const auto report = judge(consumer);
  BOOST_TEST(consumer.seen.size() == 1u);
  BOOST_TEST((exit_code(report) == ExitCode::unreachable));
  BOOST_TEST(report.unreached->detail == "unreachable after 1 ms (connection refused)");
  BOOST_TEST(summarize(report).error == all_cases().size());
  BOOST_TEST(!report.full);
}

BOOST_AUTO_TEST_CASE(an_address_that_the_policy_refuses_is_a_usage_error, *utf::label("D6")) {
  ScriptedConsumer consumer([](const Seen&) {
    auto answer = refused();
    answer.outcome = Outcome::refused_address;
    return answer;
  });
  const auto report = judge(consumer);
  BOOST_TEST((exit_code(report) == ExitCode::usage));
  BOOST_TEST(report.unreached->refused_by_policy);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_refused_at_any_time_fails_the_case_about_the_url, *utf::label("D6")) {
  ScriptedConsumer consumer([](const Seen& seen) {
    auto answer = seen.number == 40 ? refused() : status(200);
    if (seen.number == 40) answer.outcome = Outcome::refused_address;
    return answer;
  });
  const auto report = judge(consumer);
  BOOST_TEST((result_of(report, "D6-public-url").status == Status::failed));
  BOOST_TEST(result_of(report, "D6-public-url").actual.value_or("").starts_with("later in the run: "));
  BOOST_TEST((exit_code(report) == ExitCode::failed));
}

BOOST_AUTO_TEST_CASE(a_session_that_fails_is_not_reached_as_prospero_would, *utf::label("D6")) {
  ScriptedConsumer consumer([](const Seen& seen) {
    const bool in_case = seen.number > 3 && seen.number < 9;  // D6 comes fourth
    return in_case ? failed(Outcome::tls_error) : status(200);
  });
  BOOST_TEST((result_of(judge(consumer), "D6-public-url").status == Status::failed));
}

BOOST_AUTO_TEST_CASE(cases_that_rest_on_a_failed_one_are_skipped_and_say_so) {
  ScriptedConsumer consumer(late);
  const auto report = judge(consumer);
  BOOST_TEST(result_of(report, "D3-exactly-200").reason == "rests on D4-in-time");
  BOOST_TEST(result_of(report, "D4-burst").reason == "rests on D3-exactly-200");
  BOOST_TEST(summarize(report).skipped == all_cases().size() - 3);
  BOOST_TEST(!report.full);
}

BOOST_AUTO_TEST_CASE(a_base_that_is_not_selected_blocks_nothing) {
  ScriptedConsumer consumer([](const Seen&) { return status(201); });
  BOOST_TEST(ids_with(judge(consumer, plan_of({.only = {"E5"}, .skip = {}, .events = {}})), Status::failed) ==
             "E5-invoice-deleted");
  BOOST_TEST(ids_with(judge(consumer, plan_of({.only = {"D3", "E5"}, .skip = {"D3"}, .events = {}})), Status::failed) ==
             "E5-invoice-deleted");
}

BOOST_AUTO_TEST_CASE(a_late_answer_seen_by_a_tester_that_lagged_is_not_judged, *utf::label("D4")) {
  ScriptedConsumer consumer(late);
  consumer.lag = lag_limit + milliseconds(1);
  const auto report = judge(consumer);
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST(ids_with(report, Status::error) == "D4-in-time");
  BOOST_TEST((exit_code(report) == ExitCode::not_judged));
  BOOST_TEST(!report.full);

  consumer.lag = lag_limit;
  BOOST_TEST(ids_with(judge(consumer), Status::failed) == "D4-in-time");
}

BOOST_AUTO_TEST_CASE(a_wrong_status_is_wrong_however_late_the_tester_is, *utf::label("D3")) {
  ScriptedConsumer consumer([](const Seen&) { return status(201); });
  consumer.lag = milliseconds(900);
  BOOST_TEST(ids_with(judge(consumer), Status::failed) == "D3-exactly-200");
}

BOOST_AUTO_TEST_CASE(a_burst_with_a_wrong_status_among_late_answers_fails_in_spite_of_a_lag, *utf::label("D4")) {
  ScriptedConsumer consumer([](const Seen& push) {
    return push.together == 1 ? status(200) : push.number % 2 == 0 ? no_answer_in_time() : status(503);
  });
  consumer.lag = milliseconds(900);
  BOOST_TEST(ids_with(judge(consumer), Status::failed) == "D4-burst");
}

BOOST_AUTO_TEST_CASE(a_transport_that_reports_nothing_is_the_testers_fault) {
  ScriptedConsumer consumer(good);
  auto plan = plan_of({.only = {"D3"}, .skip = {}, .events = {}});
  plan.cases.front().definition = find_case("D3-exactly-200");
  consumer.silent = true;
  BOOST_TEST((exit_code(judge(consumer, plan)) == ExitCode::unreachable));
}

BOOST_AUTO_TEST_CASE(an_interrupted_attempt_is_not_judged) {
  ScriptedConsumer consumer(
      [](const Seen& push) { return push.number == 0 ? status(200) : failed(Outcome::interrupted); });
  const auto report = judge(consumer);
  BOOST_TEST(ids_with(report, Status::error) == "D1-post-taken");
  BOOST_TEST((exit_code(report) == ExitCode::not_judged));
}

BOOST_AUTO_TEST_CASE(strict_turns_a_should_into_a_failure_and_leaves_advice) {
  ScriptedConsumer consumer([](const Seen& push) {
    return push.event == "rehearsal.created" ? status(500) : status(200, milliseconds(3000));
  });
  auto plan = plan_of();
  BOOST_TEST((exit_code(judge(consumer, plan)) == ExitCode::held));
  plan.strict = true;
  const auto report = judge(consumer, plan);
  BOOST_TEST(ids_with(report, Status::failed) == "E10-unknown-gets-200");
  BOOST_TEST(ids_with(report, Status::advice) == "D4-margin");
  BOOST_TEST((exit_code(report) == ExitCode::failed));
}

BOOST_AUTO_TEST_CASE(when_everything_is_left_out_nothing_is_sent_and_nothing_looks_green) {
  ScriptedConsumer consumer(good);
  const auto report = judge(consumer, plan_of({.only = {"D3"}, .skip = {"D"}, .events = {}}));
  BOOST_TEST(consumer.seen.empty());
  BOOST_TEST((exit_code(report) == ExitCode::usage));
  BOOST_TEST(!report.full);
}

BOOST_AUTO_TEST_CASE(a_lifted_rule_keeps_the_verdict_from_being_full) {
  ScriptedConsumer consumer(good);
  auto plan = plan_of();
  BOOST_TEST(judge(consumer, plan).full);
  plan.lifted = true;
  BOOST_TEST(!judge(consumer, plan).full);
}

BOOST_AUTO_TEST_CASE(a_narrowed_run_is_not_a_full_one) {
  ScriptedConsumer consumer(good);
  BOOST_TEST(!judge(consumer, plan_of({.only = {"D"}, .skip = {}, .events = {}})).full);
  BOOST_TEST(!judge(consumer, plan_of({.only = {}, .skip = {"E4"}, .events = {}})).full);
  BOOST_TEST(!judge(consumer, plan_of({.only = {}, .skip = {}, .events = {"event.created"}})).full);
}

BOOST_AUTO_TEST_CASE(a_consumer_of_one_webhook_event_is_only_asked_for_that_one, *utf::label("S2")) {
  ScriptedConsumer consumer([](const Seen& push) { return push.event == "offer.deleted" ? status(200) : status(404); });
  const auto report = judge(consumer, plan_of({.only = {}, .skip = {}, .events = {"offer.deleted"}}));
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST(summarize(report).advice == 13u);
}

BOOST_AUTO_TEST_CASE(a_dry_run_counts_what_a_run_sends) {
  ScriptedConsumer consumer(good);
  judge(consumer);
  std::size_t bytes = 0;
  for (const auto& push : consumer.seen) {
    bytes += push.body.size();
  }
  const auto traffic = dry_run(plan_of());
  BOOST_TEST(traffic.requests == consumer.seen.size());
  BOOST_TEST(traffic.bytes == bytes);
}

BOOST_AUTO_TEST_CASE(a_seed_repeats_every_byte_in_order) {
  ScriptedConsumer one(good), again(good);
  judge(one);
  judge(again);
  BOOST_TEST_REQUIRE(one.seen.size() == again.seen.size());
  for (std::size_t i = 0; i < one.seen.size(); ++i) {
    BOOST_TEST(one.seen[i].body == again.seen[i].body);
  }
}

BOOST_AUTO_TEST_CASE(what_may_disturb_a_real_system_is_skipped_unless_allowed) {
  ScriptedConsumer consumer(good);
  auto plan = plan_of();
  plan.disruptive = false;
  const auto report = judge(consumer, plan);
  BOOST_TEST(result_of(report, "D4-burst").reason == "may disturb a real system: give --disruptive");
  BOOST_TEST(!report.full);
  BOOST_TEST((exit_code(report) == ExitCode::held));
}

BOOST_AUTO_TEST_CASE(cases_of_tls_are_skipped_over_plain_http) {
  ScriptedConsumer consumer(good);
  auto plan = plan_of({.only = {"D7"}, .skip = {}, .events = {}});
  plan.target.over_tls = false;
  BOOST_TEST(result_of(judge(consumer, plan), "D7-expiry").reason == "the URL is plain http");
}

BOOST_AUTO_TEST_CASE(a_rate_spreads_pushes_and_leaves_out_the_load) {
  ScriptedConsumer consumer(good);
  auto plan = plan_of({.only = {"D4"}, .skip = {}, .events = {}});
  plan.rate = 2;
  const auto report = judge(consumer, plan);
  BOOST_TEST(result_of(report, "D4-burst").reason == "--rate allows no load");
  BOOST_TEST((consumer.now() >= std::chrono::seconds(2)));  // six pushes, three in each of two cases
}

BOOST_AUTO_TEST_CASE(a_run_in_which_no_must_case_ran_gives_no_verdict) {
  ScriptedConsumer consumer(good);
  const auto report =
      judge(consumer, plan_of({.only = {"E10-unknown-gets-200", "D4-margin"}, .skip = {}, .events = {}}));
  BOOST_TEST(summarize(report).passed == 2u);
  BOOST_TEST((exit_code(report) == ExitCode::usage));
  auto strictly = plan_of({.only = {"E10-unknown-gets-200"}, .skip = {}, .events = {}});
  strictly.strict = true;
  BOOST_TEST((exit_code(judge(consumer, strictly)) == ExitCode::held));
  auto plan = plan_of({.only = {"D4-burst", "D4-margin"}, .skip = {}, .events = {}});
  plan.disruptive = false;
  BOOST_TEST((exit_code(judge(consumer, plan)) == ExitCode::usage));
}

BOOST_AUTO_TEST_CASE(what_does_not_hold_shows_its_own_request_and_answer) {
  ScriptedConsumer consumer([](const Seen& push) {
    auto answer = push.event == "event.rescheduled" ? status(404) : status(200);
    answer.received =
        push.event == "event.rescheduled" ? "HTTP/1.1 404 No\r\n\r\nno /hook/secret" : "HTTP/1.1 200 OK\r\n\r\n";
    return answer;
  });
  const auto report = judge(consumer, plan_of({.only = {"E10-unknown-gets-200"}, .skip = {}, .events = {}}));
  const auto& result = report.cases.front();
  BOOST_TEST(result.request.find("event.rescheduled") != std::string::npos);  // the first of two, not the last
  BOOST_TEST(result.answer == "HTTP/1.1 404 No | no ***");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_reports_what_it_found_until_then) {
  ScriptedConsumer consumer([](const Seen&) { return status(201); });
  consumer.interrupt_after = 6;
  const auto report = judge(consumer, plan_of({.only = {"D1-post-taken", "E"}, .skip = {}, .events = {}}));
  BOOST_TEST(static_cast<int>(exit_code(report)) == 130);
  BOOST_TEST(ids_with(report, Status::passed) == "D1-post-taken");
  BOOST_TEST(report.cases.size() == 13u);
  BOOST_TEST(report.cases.back().reason == "the run was interrupted before it ended");
}

BOOST_AUTO_TEST_SUITE_END()
