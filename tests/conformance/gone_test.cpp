// A consumer that was there at first and is gone later: told once, and the rest is not held against it.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>

#include "conformance/registry.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"
#include "conformance/verdict.hpp"
#include "scripted_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;

namespace {

// The first push is to see whether anybody is there, D6-public-url sends those with the numbers 6 to 8.
constexpr std::size_t first_of_d6 = 6;

Report judge_absent(Answer (*absence)(), std::size_t from, std::size_t to, std::size_t repeat = 1) {
  ScriptedConsumer consumer(
      [&](const Seen& push) { return push.number >= from && push.number < to ? absence() : status(200); });
  auto plan = plan_of();
  plan.repeat = repeat;
  return judge(consumer, plan);
}

constexpr std::size_t for_good = 1'000'000;

// Answers as the consumer beside it does; here it is only there or not.
class ScriptedProcess : public ConsumerProcess {
 public:
  void end_by_itself() { ended_ = "exit code 7"; }

  std::string start() override {
    killed_ = false;
    ended_.reset();
    return {};
  }
  const std::string& url() const override { return url_; }
  void kill() override {
    killed_ = true;
    ended_.reset();
  }
  bool running() const override { return !killed_ && !ended_; }
  std::optional<std::string> ended() const override { return ended_; }

 private:
  std::string url_ = url_from_output;  // so that bring_up() does not look whether something else answers there
  std::optional<std::string> ended_;
  bool killed_ = false;
};

bool is_rest(const CaseResult& result) {
  return result.not_reached && result.status == Status::skipped;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gone)

BOOST_AUTO_TEST_CASE(a_case_that_found_nobody_at_all_is_not_blamed, *utf::label("D5")) {
  const auto report = judge_absent(refused, first_of_d6, for_good);
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST(ids_with(report, Status::passed) == "D1-post-taken D4-in-time D3-exactly-200");
  BOOST_TEST(report.cases.size() == all_cases().size());
  BOOST_TEST(report.cases.at(3).reason == "the consumer was gone after D3-exactly-200");
  BOOST_TEST(
      verdict(report) ==
      "not shown to conform: the consumer was gone after D3-exactly-200: unreachable after 1 ms (connection refused)");
  BOOST_TEST((exit_code(report) == ExitCode::failed));
  BOOST_TEST(!report.full);
}

BOOST_AUTO_TEST_CASE(a_case_during_which_it_went_keeps_its_failure, *utf::label("D5")) {
  const auto report = judge_absent(refused, first_of_d6 + 1, for_good);
  BOOST_TEST(ids_with(report, Status::failed) == "D6-public-url");
  BOOST_TEST_REQUIRE(report.gone.has_value());
  BOOST_TEST(report.gone->after == "D6-public-url");
  BOOST_TEST(verdict(report).starts_with("does not conform: the consumer was gone after D6-public-url: "));
  BOOST_TEST(std::ranges::count_if(report.cases, is_rest) > 50);
}

BOOST_AUTO_TEST_CASE(one_that_comes_back_is_judged_to_the_end, *utf::label("D5")) {
  const auto report = judge_absent(refused, first_of_d6, first_of_d6 + 4);
  BOOST_TEST(!report.gone);
  BOOST_TEST(ids_with(report, Status::failed) == "D6-public-url");
  BOOST_TEST(std::ranges::none_of(report.cases, is_rest));
}

BOOST_AUTO_TEST_CASE(one_that_takes_a_single_push_is_gone_before_any_case, *utf::label("D5")) {
  const auto report = judge_absent(refused, 1, for_good);
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST(mentions(verdict(report), "the consumer was gone after the first push: "));
  BOOST_TEST((exit_code(report) == ExitCode::failed));
}

BOOST_AUTO_TEST_CASE(a_repetition_that_found_nobody_counts_for_nothing) {
  const auto report = judge_absent(refused, 2, for_good, 2);  // each repetition of D1-post-taken sends one push
  BOOST_TEST(ids_with(report, Status::passed) == "D1-post-taken");
  BOOST_TEST_REQUIRE(report.gone.has_value());
  BOOST_TEST(report.gone->after == "D1-post-taken");
}

BOOST_AUTO_TEST_CASE(each_format_says_it) {
  const auto report = judge_absent(refused, first_of_d6, for_good);
  const auto told = verdict(report);
  BOOST_TEST(mentions(junit_report(report, {}), "<error message=\"" + told + "\"/>"));
  BOOST_TEST(tap_report(report, {}).ends_with("\nBail out! " + told + "\n"));
  BOOST_TEST(mentions(remarks(report, {}).front(), "cases were not run"));
}

BOOST_AUTO_TEST_CASE(a_name_that_leads_nowhere_is_told_as_such, *utf::label("D5")) {
  const auto report = judge_absent(no_name, first_of_d6, for_good);
  BOOST_TEST(verdict(report) ==
             "not shown to conform: the name of the host led nowhere after D3-exactly-200: unreachable after 1 ms "
             "(name 'consumer.example' not found)");
}

BOOST_AUTO_TEST_CASE(the_cause_of_a_failed_look_up_is_dns_whatever_the_case_says, *utf::label("D5")) {
  ScriptedConsumer consumer(
      [](const Seen& push) { return push.event == "event.rescheduled" ? no_name() : status(200); });
  const auto report = judge(consumer);
  const auto result = std::ranges::find(report.cases, Status::advice, &CaseResult::status);
  BOOST_TEST_REQUIRE((result != report.cases.end()));
  BOOST_TEST(result->definition->id == "E10-unknown-gets-200");
  BOOST_TEST(result->reason.starts_with("DNS: "));
  BOOST_TEST(mentions(result->fix, "--dns"));
}

BOOST_AUTO_TEST_CASE(one_that_goes_right_after_the_last_case_is_noticed, *utf::label("E10")) {
  ScriptedConsumer whole([](const Seen&) { return status(200); });
  judge(whole);
  const auto last = whole.seen.size() - 1;
  ScriptedConsumer consumer([&](const Seen& push) { return push.number >= last ? refused() : status(200); });
  const auto report = judge(consumer);
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST_REQUIRE(report.gone.has_value());
  BOOST_TEST(report.gone->after == "E10-unknown-gets-200");
  BOOST_TEST((exit_code(report) == ExitCode::failed));
  BOOST_TEST(mentions(junit_report(report, {}), "<error message=\"not shown to conform: the consumer was gone after "));
  for (const auto& remark : remarks(report, {})) BOOST_TEST(!mentions(remark, "incomplete"));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_command_that_nobody_killed_fails_the_run, *utf::label("R3")) {
  ScriptedProcess process;
  ScriptedConsumer consumer([&](const Seen& push) {
    if (push.number == first_of_d6) process.end_by_itself();
    return status(200);  // something started it again
  });
  const auto report = run(plan_of(), {consumer, consumer, consumer, nullptr, &process}, [](const CaseResult&) {});
  BOOST_TEST_REQUIRE(report.gone.has_value());
  BOOST_TEST(report.gone->after == "D6-public-url");
  BOOST_TEST(mentions(report.gone->detail, "the command of --exec has ended (exit code 7)"));
  BOOST_TEST((exit_code(report) == ExitCode::failed));
}

BOOST_AUTO_TEST_CASE(a_kill_does_not_cover_up_an_end_before_it, *utf::label("R1")) {
  ScriptedProcess process;
  ScriptedConsumer consumer([&](const Seen& push) {
    if (push.number == 4) process.end_by_itself();  // in the first wave
    return status(200);
  });
  auto plan = plan_of({{"R1"}, {}, {}});
  plan.crash = true;
  const auto report = run(plan, {consumer, consumer, consumer, nullptr, &process}, [](const CaseResult&) {});
  BOOST_TEST(ids_with(report, Status::advice) == "R1-answers-after-crash");
  BOOST_TEST(mentions(report.cases.front().actual.value_or(""), "ended by itself (exit code 7)"));
}

BOOST_AUTO_TEST_SUITE_END()
