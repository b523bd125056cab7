#include "conformance/witness.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/dry_run.hpp"
#include "conformance/registry.hpp"
#include "conformance/report_html.hpp"
#include "conformance/report_json.hpp"
#include "conformance/report_junit.hpp"
#include "conformance/report_tap.hpp"
#include "scripted_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;
using Freshness = WitnessLine::Freshness;
using Result = WitnessLine::Result;

namespace {

const std::string a_body = "{}";
const std::string its_identity = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

std::string line(const std::string& result, const std::string& more) {
  return R"({"identity":")" + its_identity + R"(","result":")" + result + "\"," + more + "}\n";
}

// A consumer that tells whatever `tell` makes of each body that it has seen.
struct Telling : ScriptedConsumer, Witness {
  using Tell = std::function<WitnessReading(const std::vector<Seen>&)>;
  explicit Telling(Tell given) : ScriptedConsumer([](const Seen&) { return status(200); }), tell(std::move(given)) {}
  WitnessReading read() override {
    ++readings;
    return tell(seen);
  }
  Report judge(const SelectionOptions& options) {
    auto plan = plan_of(options);
    plan.witness = true;
    return run(plan, {*this, *this, *this, this}, [](const CaseResult&) {});
  }
  Tell tell;
  int readings = 0;
};

WitnessReading processed_once(const std::vector<Seen>& seen) {
  WitnessReading reading;
  for (const auto& push : seen) reading.lines[identity_of(push.body)] = {Result::processed, Freshness::fresh, 1};
  return reading;
}

WitnessReading nothing(const std::vector<Seen>&) {
  return {};
}

const SelectionOptions first_case{.only = {"R3-answered-is-processed"}, .skip = {}, .events = {}};

const CaseResult& result_of(const Report& report, const std::string& id) {
  return *std::ranges::find_if(report.cases, [&](const CaseResult& result) { return result.definition->id == id; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(witness)

BOOST_AUTO_TEST_CASE(an_identity_is_the_sha_256_of_the_body) {
  BOOST_TEST(identity_of(a_body) == its_identity);
}

BOOST_AUTO_TEST_CASE(lines_are_read_whatever_else_they_hold) {
  const auto reading =
      parse_witness(line("processed", R"("times":1,"freshness":null,"event":"offer.created","x":[1])") + "\r\n  \n" +
                    line("dead", R"("times":0,"freshness":"stale")"));
  BOOST_TEST(reading.problem == "");
  BOOST_TEST_REQUIRE(reading.lines.size() == 1u);
  BOOST_TEST(describe(*reading.find(a_body)) == "dead once, stale");
  BOOST_TEST((reading.find("{ }") == nullptr));
}

BOOST_AUTO_TEST_CASE(times_of_several_lines_are_added_as_a_log_has_them) {
  const auto once = line("processed", R"("times":1)");
  BOOST_TEST(describe(*parse_witness(once + once + once).find(a_body)) == "processed 3 times");
}

BOOST_AUTO_TEST_CASE(what_is_no_line_is_named_by_its_number_and_never_shown) {
  const auto good = line("processed", R"("times":1)");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"hello", "line 2 of the witness: no JSON object"},
      {"[1]", "line 2 of the witness: no JSON object"},
      {"{}", "line 2 of the witness: identity is not the lower-case hex SHA-256 of a body"},
      {R"({"identity":7})", "line 2 of the witness: identity is not the lower-case hex SHA-256 of a body"},
      {R"({"identity":"44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A"})",
       "line 2 of the witness: identity is not the lower-case hex SHA-256 of a body"},
      {line("done", R"("times":1)"), "line 2 of the witness: result is none of processed, quarantined, dead"},
      {line("processed", R"("times":-1)"), "line 2 of the witness: times is no count"},
      {line("processed", R"("times":1.5)"), "line 2 of the witness: times is no count"},
      {line("processed", R"("x":1)"), "line 2 of the witness: times is no count"},
      {line("processed", R"("times":1,"freshness":"new")"),
       "line 2 of the witness: freshness is none of fresh, stale, ambiguous, copy, null"},
      {std::string(2000, '['), "line 2 of the witness: no JSON object"},
  };
  for (const auto& [text, problem] : rows) BOOST_TEST(parse_witness(good + text).problem == problem);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_a_line_that_is_being_written_are_forgiven) {
  const auto once = line("processed", R"("times":1)");
  const std::string mark = "\xef\xbb\xbf";
  BOOST_TEST(describe(*parse_witness(mark + once).find(a_body)) == "processed once");
  BOOST_TEST(parse_witness(mark).problem == "");
  for (const auto& half : {once.substr(0, 1), once.substr(0, 40), once.substr(0, once.size() - 2)}) {
    BOOST_TEST(parse_witness(once + half).problem == "", half);
    BOOST_TEST(parse_witness(once + half).lines.size() == 1u);
    BOOST_TEST(parse_witness(once + half + "\n" + once).problem == "line 2 of the witness: no JSON object");
  }
  BOOST_TEST(describe(*parse_witness(once + once.substr(0, once.size() - 1)).find(a_body)) == "processed 2 times");
  BOOST_TEST(parse_witness(once + mark + once).problem == "line 2 of the witness: no JSON object");
}

BOOST_AUTO_TEST_CASE(without_a_witness_its_cases_are_skipped_with_the_reason_and_counted_apart) {
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  const auto report = judge(consumer);
  BOOST_TEST(result_of(report, "R5-copy-acts-once").reason == "level witness: give --witness or --witness-cmd");
  BOOST_TEST(result_of(report, "R3-crash-loses-nothing").reason == "level crash: give --exec");
  const auto deeper =
      std::ranges::count_if(all_cases(), [](const Case& c) { return c.needs.level != Level::black_box; });
  BOOST_TEST(summarize(report).level_missing == static_cast<std::size_t>(deeper));
  BOOST_TEST(report.full);
}

BOOST_AUTO_TEST_CASE(what_got_200_and_is_never_told_of_is_lost, *utf::label("R3")) {
  Telling consumer(nothing);
  const auto report =
      consumer.judge({.only = {"R3", "R5-copy-acts-once"}, .skip = {"R3-crash-loses-nothing"}, .events = {}});
  const auto& lost = result_of(report, "R3-answered-is-processed");
  BOOST_TEST((lost.status == Status::advice));
  BOOST_TEST(*lost.actual ==
             "0 of 9 pushes that got 200 are told of as processed; of the first other one it tells nothing");
  BOOST_TEST(result_of(report, "R5-copy-acts-once").reason == "rests on R3-answered-is-processed");
  BOOST_TEST((consumer.now() >= std::chrono::seconds(30)));  // a slow one has that long
}

BOOST_AUTO_TEST_CASE(it_is_asked_until_it_tells, *utf::label("R3")) {
  Telling consumer(nothing);
  consumer.tell = [&](const std::vector<Seen>& seen) {
    return consumer.readings < 7 ? nothing(seen) : processed_once(seen);
  };
  BOOST_TEST((result_of(consumer.judge(first_case), "R3-answered-is-processed").status == Status::passed));
  BOOST_TEST(consumer.readings == 7);
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_read_is_not_judged_and_blocks_the_others) {
  Telling consumer([](const std::vector<Seen>&) { return WitnessReading{{}, "the witness at http://x/***: refused"}; });
  const auto report = consumer.judge({.only = {"R3-answered-is-processed", "H"}, .skip = {}, .events = {}});
  const auto& result = result_of(report, "R3-answered-is-processed");
  BOOST_TEST((result.status == Status::error));
  BOOST_TEST(*result.actual == "the witness at http://x/***: refused");
  BOOST_TEST(result_of(report, "H8-older-update").reason == "rests on R3-answered-is-processed");
  BOOST_TEST((exit_code(report) == ExitCode::not_judged));
}

BOOST_AUTO_TEST_CASE(a_witness_that_does_not_tell_freshness_is_not_asked_for_it, *utf::label("H8")) {
  Telling consumer([](const std::vector<Seen>& seen) {
    auto reading = processed_once(seen);
    for (auto& [identity, told] : reading.lines) told.freshness = Freshness::untold;
    return reading;
  });
  const auto report = consumer.judge({.only = {"H8"}, .skip = {}, .events = {}});
  BOOST_TEST(result_of(report, "H8-older-update").reason == "the witness does not tell the freshness of pushes");
}

// What the witness tells of the newer push and of the older one, which comes second; whether that holds.
BOOST_AUTO_TEST_CASE(of_two_pushes_the_newer_one_must_be_fresh_and_handled, *utf::label("H1") * utf::label("H8")) {
  using enum Freshness;
  const auto status_with = [](WitnessLine newer, WitnessLine older) {
    Telling consumer([&](const std::vector<Seen>& seen) {
      WitnessReading reading;
      for (const auto& push : seen) reading.lines[identity_of(push.body)] = push.number == 1 ? newer : older;
      return reading;
    });
    return std::string(
        to_text(result_of(consumer.judge({.only = {"H8"}, .skip = {}, .events = {}}), "H8-older-update").status));
  };
  const WitnessLine handled{Result::processed, fresh, 1}, spared{Result::processed, stale, 0};
  BOOST_TEST(status_with(handled, spared) == "passed");
  BOOST_TEST(status_with(handled, {Result::processed, stale, 1}) == "passed");
  BOOST_TEST(status_with(handled, {Result::processed, ambiguous, 1}) == "passed");
  BOOST_TEST(status_with(handled, handled) == "advice");
  BOOST_TEST(status_with(handled, {Result::processed, ambiguous, 0}) == "advice");
  BOOST_TEST(status_with(handled, {Result::processed, copy, 0}) == "advice");
  BOOST_TEST(status_with(handled, {Result::dead, stale, 0}) == "advice");
  BOOST_TEST(status_with(spared, spared) == "advice");
  BOOST_TEST(status_with({Result::processed, ambiguous, 1}, spared) == "advice");
  BOOST_TEST(status_with({Result::processed, fresh, 0}, spared) == "advice");
  BOOST_TEST(status_with({Result::dead, fresh, 1}, spared) == "advice");
  BOOST_TEST(status_with(handled, {Result::processed, untold, 1}) == "skipped");
}

BOOST_AUTO_TEST_CASE(every_report_says_that_the_consumer_itself_reported_it) {
  Telling consumer(processed_once);
  const auto report = consumer.judge(first_case);
  const std::string mark = "reported by the consumer itself";
  for (const auto& text :
       {json_report(report), junit_report(report, {}), tap_report(report, {}), html_report(report, {})}) {
    BOOST_TEST(text.find(mark) != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(a_dry_run_counts_the_pushes_of_the_levels_that_are_there) {
  auto plan = plan_of();
  const auto black_box = dry_run(plan).requests;
  plan.witness = true;
  const auto with_witness = dry_run(plan).requests;
  BOOST_TEST(with_witness > black_box + 100);
  plan.crash = true;
  BOOST_TEST(dry_run(plan).requests > with_witness + 4 * 120);
}

BOOST_AUTO_TEST_SUITE_END()
