#include "delivery/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

#include "delivery/sender.hpp"
#include "table.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using mock::contract::DelaysFrom;
using test::parse_time;
using test::show;
using test::start;

namespace {

// Rows: number, scheduled, ended, outcome, verdict, at ("-" for none).
void check_rows(const std::vector<Duration>& delays, std::string_view table) {
  for (const auto& row : test::words_of_lines(table)) {
    Attempt ended;
    ended.number = std::stoi(row.at(0));
    ended.scheduled_at = start + parse_time(row.at(1));
    ended.ended_at = start + parse_time(row.at(2));
    ended.outcome = test::parse_outcome(row.at(3));
    const auto verdict = judge(delays, DelaysFrom::previous_failure, {ended});
    BOOST_TEST_CONTEXT(row.at(0) << ' ' << row.at(3) << " ended " << row.at(2)) {
      BOOST_TEST(to_text(verdict.kind) == row.at(4));
      BOOST_TEST((verdict.at == Instant{} ? "-" : show(verdict.at)) == row.at(5));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_policy)

BOOST_AUTO_TEST_CASE(the_ladder_counts_from_the_end_of_the_failed_attempt,
                     *label("R1") * label("R2") * label("R3") * label("R4")) {
  check_rows(contract_defaults().retry_delays, R"(
    #n  scheduled   ended         outcome          verdict     at
    1   0:00:00     0:00:00.100   ok               delivered   -
    1   0:00:00     0:00:00.100   bad_status       retry       0:01:00.100
    1   0:00:00     0:00:05.000   timeout          retry       0:01:05.000
    2   0:01:05     0:01:05.200   ok               delivered   -
    2   0:01:05     0:01:05.200   bad_status       retry       1:01:05.200
    3   1:01:05.2   1:01:10.200   ok               delivered   -
    3   1:01:05.2   1:01:10.200   timeout          retry       7:01:10.200
    4   7:01:10.2   7:01:10.300   ok               delivered   -
    4   7:01:10.2   7:01:10.300   bad_status       abandoned   -
  )");
}

BOOST_AUTO_TEST_CASE(the_ladder_may_count_from_the_first_failure,
                     *label("R1") * label("R2") * label("R4") * label("G5")) {
  std::vector<Attempt> attempts;
  const auto after = [&](int number, const char* ended, Outcome outcome) {
    Attempt one;
    one.number = number;
    one.ended_at = start + parse_time(ended);
    one.outcome = outcome;
    attempts.push_back(one);
    const auto verdict = judge(contract_defaults().retry_delays, DelaysFrom::first_failure, attempts);
    return verdict.kind == Verdict::Kind::retry ? show(verdict.at) : std::string{to_text(verdict.kind)};
  };
  BOOST_TEST(after(1, "0:00:02", Outcome::interrupted) == "repeat");
  BOOST_TEST(after(1, "0:00:05", Outcome::timeout) == "0:01:05.000");
  BOOST_TEST(after(2, "0:01:10", Outcome::timeout) == "1:00:05.000");
  BOOST_TEST(after(3, "2:00:00", Outcome::interrupted) == "repeat");
  BOOST_TEST(after(3, "9:00:00", Outcome::timeout) == "6:00:05.000");  // overdue
  BOOST_TEST(after(4, "9:00:01", Outcome::timeout) == "abandoned");
}

BOOST_AUTO_TEST_CASE(every_failure_is_retried_alike,
                     *label("D3") * label("D4") * label("D5") * label("D6") * label("D7")) {
  check_rows(contract_defaults().retry_delays, R"(
    #n  scheduled   ended         outcome          verdict     at
    1   0:00:00     0:00:01       bad_status       retry       0:01:01.000
    1   0:00:00     0:00:01       timeout          retry       0:01:01.000
    1   0:00:00     0:00:01       unreachable      retry       0:01:01.000
    1   0:00:00     0:00:01       not_http         retry       0:01:01.000
    1   0:00:00     0:00:01       tls_error        retry       0:01:01.000
    1   0:00:00     0:00:01       refused_address  retry       0:01:01.000
  )");
}

BOOST_AUTO_TEST_CASE(an_interrupted_attempt_is_repeated_for_its_own_instant, *label("G5")) {
  check_rows(contract_defaults().retry_delays, R"(
    #n  scheduled   ended         outcome          verdict     at
    1   0:00:10     0:00:11       interrupted      repeat      0:00:10.000
    4   7:01:00     9:00:00       interrupted      repeat      7:01:00.000
  )");
}

BOOST_AUTO_TEST_CASE(other_ladders_may_be_set, *label("R1")) {
  check_rows({}, "1 0 1 bad_status abandoned -");
  check_rows({parse_time("10")}, R"(
    1   0           1             bad_status       retry       0:00:11.000
    2   0           1             bad_status       abandoned   -
  )");
}

BOOST_AUTO_TEST_CASE(only_ok_and_interrupted_are_no_failures, *label("D3") * label("G5")) {
  for (const auto outcome : test::all_outcomes) {
    BOOST_TEST(is_failure(outcome) == (outcome != Outcome::ok && outcome != Outcome::interrupted), to_text(outcome));
  }
}

BOOST_AUTO_TEST_SUITE_END()
