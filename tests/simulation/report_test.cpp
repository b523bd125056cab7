#include "simulation/report.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace mock::simulation;

namespace {

Run failing() {
  auto run = carry_out(3);
  run.violations = {{"R2", "too late", Number{0}}};
  return run;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(a_failure_names_seed_clause_trail_and_command) {
  const auto run = failing();
  const auto text = failure_text(run);
  BOOST_TEST(has(text, "seed 3"));
  BOOST_TEST(has(text, "R2: too late"));
  BOOST_TEST(has(text, "trail of delivery " + run.history.deliveries[0].id));
  BOOST_TEST(has(text, "attempt 1"));
  BOOST_TEST(has(text, "replay: mock-prospero simulate --seed 3\n"));
  BOOST_TEST(has(text, to_text(run.plan)));
}

BOOST_AUTO_TEST_CASE(the_trail_is_shortened_in_its_middle) {
  const auto run = carry_out(44);
  Number number = 0;
  while (number < run.history.deliveries.size() && lines_of(trail_of(run.history, number, 1000)) < 10) ++number;
  BOOST_REQUIRE(number < run.history.deliveries.size());
  const auto whole = trail_of(run.history, number, 1000);
  const auto text = trail_of(run.history, number, 8);
  BOOST_TEST(has(text, std::to_string(lines_of(whole) - 8) + " lines left out"));
  BOOST_TEST(lines_of(text) == 9u);
  BOOST_TEST(text.substr(0, text.find('\n')) == whole.substr(0, whole.find('\n')));
}

BOOST_AUTO_TEST_CASE(json_has_the_same) {
  const auto run = failing();
  Totals totals;
  totals.add(run);
  const auto held = report_json(3, totals, nullptr);
  BOOST_TEST(held.at("held").as_bool());
  BOOST_TEST(held.at("failure").is_null());
  const auto failed = report_json(3, totals, &run);
  BOOST_TEST(!failed.at("held").as_bool());
  const auto& failure = failed.at("failure").as_object();
  BOOST_TEST(failure.at("replay").as_string() == "mock-prospero simulate --seed 3");
  BOOST_TEST(failure.at("violations").as_array()[0].as_object().at("clause").as_string() == "R2");
  BOOST_TEST(boost::json::serialize(failed) == boost::json::serialize(report_json(3, totals, &run)));
}

BOOST_AUTO_TEST_SUITE_END()
