#include "delivery/disable_rule.hpp"

#include <boost/test/unit_test.hpp>

#include "table.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using test::parse_time;

namespace {

// Rows: end, outcome, count after it, "keep" or "disable".
void check_rows(const DisableRule& rule, std::string_view table) {
  FailureRun run;
  for (const auto& row : test::words_of_lines(table)) {
    run = after_end(run, test::parse_outcome(row.at(1)), test::start + parse_time(row.at(0)));
    BOOST_TEST_CONTEXT("end at " << row.at(0)) {
      BOOST_TEST(run.count == std::stoi(row.at(2)));
      BOOST_TEST((must_disable(rule, run) ? "disable" : "keep") == row.at(3));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disable_rule)

BOOST_AUTO_TEST_CASE(n_failures_in_a_row_disable, *label("X1") * label("X2")) {
  check_rows({.after = 3, .span = {}}, R"(
    # end   outcome       count  rule
    1       bad_status    1      keep
    2       timeout       2      keep
    3       unreachable   3      disable
  )");
}

BOOST_AUTO_TEST_CASE(success_sets_count_and_span_to_zero, *label("X2")) {
  check_rows({.after = 2, .span = parse_time("60")}, R"(
    # end   outcome       count  rule
    0       bad_status    1      keep
    10      ok            0      keep
    100     bad_status    1      keep
    130     bad_status    2      keep
    159     bad_status    3      keep
    160     bad_status    4      disable
  )");
}

BOOST_AUTO_TEST_CASE(both_count_and_span_must_be_reached, *label("X2")) {
  check_rows({.after = 3, .span = parse_time("3600")}, R"(
    # end       outcome       count  rule
    0           bad_status    1      keep
    2:00:00     bad_status    2      keep
    2:00:00     bad_status    3      disable
  )");
}

BOOST_AUTO_TEST_CASE(interrupted_changes_nothing, *label("X2") * label("G5")) {
  check_rows({.after = 2, .span = parse_time("10")}, R"(
    # end   outcome       count  rule
    0       interrupted   0      keep
    1       bad_status    1      keep
    20      interrupted   1      keep
    9       bad_status    2      keep
    11      bad_status    3      disable
  )");
}

BOOST_AUTO_TEST_CASE(zero_never_disables, *label("X2")) {
  FailureRun run;
  for (int i = 0; i < 1000; ++i) run = after_end(run, Outcome::timeout, test::start + std::chrono::hours{i});
  BOOST_TEST(run.count == 1000);
  BOOST_TEST(!must_disable({.after = 0, .span = {}}, run));
}

BOOST_AUTO_TEST_CASE(ends_count_by_instant_then_delivery_id, *label("X2")) {
  const auto t = test::start;
  BOOST_TEST((EndOrder{t, "b"} < EndOrder{t + Duration{1}, "a"}));
  BOOST_TEST((EndOrder{t, "a"} < EndOrder{t, "b"}));
}

BOOST_AUTO_TEST_SUITE_END()
