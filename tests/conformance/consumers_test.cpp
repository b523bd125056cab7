// Consumers of every kind: exactly the cases that name their fault fail, and a good one fails none.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "scripted_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;
using mock::delivery::Outcome;
using std::chrono::milliseconds;

namespace {

bool unknown(const Seen& push) {
  const auto known = events_to_push({});
  return !push.event.empty() && std::ranges::find(known, push.event) == known.end();
}

Behaviour always(Answer answer) {
  return [answer](const Seen&) { return answer; };
}

// Answers every push but the first (which asks whether the endpoint is there) with `answer`.
Behaviour after_the_first(Answer answer) {
  return [answer](const Seen& push) { return push.number == 0 ? status(200) : answer; };
}

Behaviour unless(std::function<bool(const Seen&)> condition, Answer otherwise) {
  return [=](const Seen& push) { return condition(push) ? otherwise : status(200); };
}

Behaviour dies_of_unknown_names() {
  return [dead = std::make_shared<bool>(false)](const Seen& push) {
    const bool was_dead = *dead;
    *dead = was_dead || unknown(push);
    return was_dead ? refused() : *dead ? failed(Outcome::unreachable) : status(200);
  };
}

// Handles one push after the other, 300 ms each.
Behaviour one_by_one() {
  return [place = std::size_t{0}](const Seen& push) mutable {
    place = push.together == 1 ? 1 : place + 1;
    const auto took = milliseconds(300) * static_cast<int>(place);
    return took < milliseconds(5000) ? status(200, took) : no_answer_in_time();
  };
}

struct Row {
  std::string name;
  Behaviour behaviour;
  std::string failed;
  std::string advice;
  ExitCode code;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name;
}

const std::string no_advice;

void check(const Row& row) {
  BOOST_TEST_CONTEXT(row) {
    ScriptedConsumer consumer(row.behaviour);
    const auto report = judge(consumer);
    BOOST_TEST(ids_with(report, Status::failed) == row.failed);
    BOOST_TEST(ids_with(report, Status::advice) == row.advice);
    BOOST_TEST(ids_with(report, Status::error) == "");
    BOOST_TEST((exit_code(report) == row.code));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(consumers)

BOOST_AUTO_TEST_CASE(a_good_one_passes_every_case,
                     *utf::label("D1") * utf::label("D3") * utf::label("D4") * utf::label("E1") * utf::label("E2") *
                         utf::label("E3") * utf::label("E4") * utf::label("E5") * utf::label("E6") * utf::label("E7") *
                         utf::label("E8") * utf::label("E9") * utf::label("E10")) {
  ScriptedConsumer consumer(always(status(200)));
  const auto report = judge(consumer);
  const auto summary = summarize(report);
  BOOST_TEST(summary.passed + summary.level_missing == report.cases.size());
  BOOST_TEST(report.full);
  BOOST_TEST((exit_code(report) == ExitCode::held));
}

BOOST_AUTO_TEST_CASE(one_that_answers_in_4_9_s_passes_with_advice, *utf::label("D4")) {
  check({"4.9 s", always(status(200, milliseconds(4900))), "", "D4-margin", ExitCode::held});
}

BOOST_AUTO_TEST_CASE(one_with_another_status_is_failed_by_name, *utf::label("D3")) {
  for (const int code : {201, 202, 204, 301, 302, 307, 429, 500, 502, 503}) {
    check({std::to_string(code), always(status(code)), "D3-exactly-200", no_advice, ExitCode::failed});
  }
}

BOOST_AUTO_TEST_CASE(one_that_turns_pushes_away_is_failed_by_name, *utf::label("D1")) {
  for (const int code : {400, 401, 403, 404, 405, 413, 415, 422}) {
    check({std::to_string(code), always(status(code)), "D1-post-taken", no_advice, ExitCode::failed});
  }
}

BOOST_AUTO_TEST_CASE(late_200_is_failed_by_name, *utf::label("D4")) {
  check({"200 after 5.2 s", always(no_answer_in_time()), "D4-in-time", no_advice, ExitCode::failed});
  check({"200 after exactly 5 s", always(status(200, milliseconds(5000))), "D4-in-time", no_advice, ExitCode::failed});
  auto trickle = no_answer_in_time();
  trickle.status = 200;
  trickle.detail = "the response trickles";
  check({"trickle", always(trickle), "D4-in-time", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(one_without_a_complete_http_answer_is_failed_by_name, *utf::label("D1")) {
  check({"no TLS", always(failed(Outcome::tls_error)), "D1-post-taken", no_advice, ExitCode::failed});
  check({"not HTTP", always(failed(Outcome::not_http)), "D1-post-taken", no_advice, ExitCode::failed});
  check({"closes", always(failed(Outcome::unreachable)), "D1-post-taken", no_advice, ExitCode::failed});
  check({"gone after the first", after_the_first(refused()), "", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(one_that_refuses_unknown_names_gets_advice, *utf::label("E10")) {
  check({"500", unless(unknown, status(500)), "", "E10-unknown-gets-200", ExitCode::held});
  check({"404", unless(unknown, status(404)), "", "E10-unknown-gets-200", ExitCode::held});
}

BOOST_AUTO_TEST_CASE(one_that_dies_of_unknown_names_is_failed_by_name, *utf::label("E10")) {
  check({"dies", dies_of_unknown_names(), "E10-known-after-unknown", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(survival_is_judged_without_the_help_of_another_case, *utf::label("E10")) {
  ScriptedConsumer consumer(dies_of_unknown_names());
  const auto report = judge(consumer, plan_of({.only = {"E10-known-after-unknown"}, .skip = {}, .events = {}}));
  BOOST_TEST(ids_with(report, Status::failed) == "E10-known-after-unknown");
}

BOOST_AUTO_TEST_CASE(a_transport_that_takes_201_for_success_does_not_hide_it, *utf::label("D3")) {
  auto answer = status(201);
  answer.outcome = Outcome::ok;
  check({"201 as ok", always(answer), "D3-exactly-200", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(one_that_fails_a_single_webhook_event_is_failed_by_its_name, *utf::label("E5")) {
  const auto invoice_deleted = [](const Seen& push) { return push.event == "invoice.deleted"; };
  check({"204 for one", unless(invoice_deleted, status(204)), "E5-invoice-deleted E10-known-after-unknown", no_advice,
         ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(one_that_handles_pushes_one_by_one_is_failed_by_the_burst, *utf::label("D4")) {
  check({"300 ms each", one_by_one(), "D4-burst", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_CASE(one_that_chokes_on_bodies_is_failed_or_advised, *utf::label("D1")) {
  const auto large = [](const Seen& push) { return push.body.size() > 100'000; };
  check({"100 kB limit", unless(large, status(413)), "", "D1-large-body D1-256-kib D1-over-256-kib", ExitCode::held});
  const auto data_first = [](const Seen& push) { return push.body.starts_with(R"({"data")"); };
  check({"event first", unless(data_first, status(500)), "", "D1-member-order", ExitCode::held});
  const auto escaped = [](const Seen& push) { return push.body.find("\\ud83c\\udfad") != std::string::npos; };
  check({"no surrogate pairs", unless(escaped, status(500)), "D1-unicode", no_advice, ExitCode::failed});
}

BOOST_AUTO_TEST_SUITE_END()
