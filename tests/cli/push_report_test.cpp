#include "cli/push_report.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace utf = boost::unit_test;
using namespace mock::cli;
using namespace mock::delivery;
using namespace std::chrono_literals;

namespace {

const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

Attempt attempt(Outcome outcome, bool connected = true) {
  Attempt one;
  one.started_at = start;
  one.ended_at = start + 12345us;
  one.outcome = outcome;
  one.detail = "why";
  one.phases.connect = 1ms;
  if (connected) one.phases.tls = 9ms;
  return one;
}

Delivery delivery(State state, std::vector<Attempt> attempts) {
  Delivery made;
  made.body = std::make_shared<const std::string>("{}");
  made.state = state;
  made.attempts = std::move(attempts);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_report)

BOOST_AUTO_TEST_CASE(shows_an_attempt_with_its_times_and_its_clause, *utf::label("D3") * utf::label("D4")) {
  auto one = attempt(Outcome::bad_status);
  one.status = 404;
  BOOST_TEST(attempt_text(one) ==
             "attempt 1  2026-11-24T00:00:00.000Z  bad_status 404      12 ms (connect 1, tls 9)\n"
             "           why (D3)\n");
  one.answer = "HTTP/1.1 404 Not Found; Content-Type: text/html";
  BOOST_TEST(
      attempt_text(one).ends_with("           why (D3)\n"
                                  "           answer: HTTP/1.1 404 Not Found; Content-Type: text/html\n"));
  BOOST_TEST(attempt_text(attempt(Outcome::timeout)).find("timeout             12 ms") != std::string::npos);
  BOOST_TEST(attempt_text(attempt(Outcome::timeout)).find("why (D4)") != std::string::npos);
  BOOST_TEST(attempt_text(attempt(Outcome::tls_error)).find("why (D5, D7)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_what_comes_next, *utf::label("R1") * utf::label("R4")) {
  auto pending = delivery(State::pending, {attempt(Outcome::timeout)});
  for (const auto& [delay, text] : {std::pair<Duration, std::string>{1min, "1 min"},
                                    {1h, "1 h"},
                                    {6h, "6 h"},
                                    {1h + 1min, "1 h 1 min"},
                                    {20s, "20 s"},
                                    {5ms, "5 ms"}}) {
    pending.next_attempt_at = *pending.attempts[0].ended_at + delay;
    const auto told = outlook_text(pending);
    BOOST_TEST(told.starts_with("           next attempt " + text + " later (R1, R2), at 20"), told);
    BOOST_TEST(told.ends_with("Z\n"), told);
  }
  BOOST_TEST(outlook_text(delivery(State::delivered, {attempt(Outcome::ok)})) == "delivered\n");
  BOOST_TEST(outlook_text(delivery(State::abandoned, {attempt(Outcome::timeout)})).starts_with("not delivered"));
  BOOST_TEST(outlook_text(delivery(State::abandoned, {4, attempt(Outcome::timeout)})) ==
             "abandoned after 4 attempts: this webhook event is lost (R4)\n");
}

BOOST_AUTO_TEST_CASE(exit_codes_tell_how_far_it_came, *utf::label("D3") * utf::label("D5") * utf::label("D6")) {
  BOOST_TEST(push_exit_code(delivery(State::delivered, {attempt(Outcome::ok)})) == 0);
  BOOST_TEST(push_exit_code(delivery(State::abandoned, {attempt(Outcome::bad_status)})) == 1);
  BOOST_TEST(push_exit_code(delivery(State::abandoned, {attempt(Outcome::tls_error)})) == 1);
  BOOST_TEST(push_exit_code(delivery(State::abandoned, {attempt(Outcome::refused_address, false)})) == 2);
  BOOST_TEST(push_exit_code(delivery(State::abandoned, {attempt(Outcome::unreachable, false)})) == 3);
  BOOST_TEST(push_exit_code(
                 delivery(State::abandoned, {attempt(Outcome::unreachable, false), attempt(Outcome::timeout)})) == 1);
}

BOOST_AUTO_TEST_CASE(json_adds_the_duration_and_hides_the_path, *utf::label("D2")) {
  const auto object =
      push_json(delivery(State::delivered, {attempt(Outcome::ok)}), "https://consumer.example/***", false);
  BOOST_TEST(object.at("url") == "https://consumer.example/***");
  BOOST_TEST(object.at("state") == "delivered");
  BOOST_TEST(object.at("attempts").at(0).at("tookMs") == 12);
  BOOST_TEST(object.at("attempts").at(0).at("phases").at("tlsMs") == 9);
}

BOOST_AUTO_TEST_CASE(without_retries_nothing_is_called_lost, *utf::label("R1") * utf::label("R4")) {
  const auto failed = delivery(State::abandoned, {attempt(Outcome::timeout)});
  BOOST_TEST(push_json(failed, "", false).at("state") == "pending");
  BOOST_TEST(push_json(failed, "", false).at("reason").is_null());
  BOOST_TEST(push_json(failed, "", true).at("state") == "abandoned");
}

BOOST_AUTO_TEST_CASE(journal_tells_the_end_once, *utf::label("R3")) {
  PushJournal journal(nullptr, "");
  auto ended = journal.ended();
  journal.delivery_changed(0, delivery(State::pending, {attempt(Outcome::timeout)}));
  BOOST_CHECK(ended.wait_for(0s) == std::future_status::timeout);
  journal.delivery_changed(0, delivery(State::delivered, {attempt(Outcome::ok)}));
  journal.delivery_changed(0, delivery(State::delivered, {attempt(Outcome::ok)}));
  BOOST_CHECK(ended.get().state == State::delivered);
}

BOOST_AUTO_TEST_SUITE_END()
