#include "conformance/report_outputs.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

#include "scripted_consumer.hpp"
#include "support/temp_folder.hpp"

using namespace conformance_test;
using namespace mock::conformance;

namespace {

std::string refusal_of(const std::vector<std::string>& arguments) {
  try {
    parse_report_requests(arguments);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string missing;  // what the last run could not write

// Runs two cases against a good consumer; returns what standard output got.
std::string run_with(const std::vector<std::string>& arguments, const TextOptions& options = {}) {
  std::ostringstream out;
  ReportOutputs outputs(parse_report_requests(arguments), out, options);
  const auto plan = plan_of({.only = {"D1-post-taken", "D3-exactly-200"}, .skip = {}, .events = {}});
  outputs.begin(plan);
  ScriptedConsumer consumer([](const Seen&) { return status(200); });
  missing = outputs.end(run(plan, {consumer, consumer, consumer}, [&](const auto& result) { outputs.add(result); }));
  return out.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(report_outputs)

BOOST_AUTO_TEST_CASE(two_spellings_of_one_file_are_refused) {
  BOOST_TEST(mentions(refusal_of({"junit=q.xml", "tap=./q.xml"}), "./q.xml is named twice"));
  BOOST_TEST(mentions(refusal_of({"junit=q.xml", "tap=no/../q.xml"}), "is named twice"));
  const test_support::TempFolder folder;
  std::ofstream(folder.file("one")) << "x";
  std::filesystem::create_symlink(folder.file("one"), folder.file("two"));
  BOOST_TEST(mentions(refusal_of({"junit=" + folder.file("one"), "tap=" + folder.file("two")}), "is named twice"));
}

BOOST_AUTO_TEST_CASE(text_goes_to_standard_output_unless_something_else_does) {
  BOOST_TEST(on_standard_output(parse_report_requests({}), Format::text));
  BOOST_TEST(on_standard_output(parse_report_requests({"json=a.json"}), Format::text));
  BOOST_TEST(!on_standard_output(parse_report_requests({"json"}), Format::text));
  BOOST_TEST(on_standard_output(parse_report_requests({"json"}), Format::json));
}

BOOST_AUTO_TEST_CASE(wrong_requests_are_refused_in_one_line) {
  BOOST_TEST(mentions(refusal_of({"yaml"}), "--report yaml: there is no such format"));
  BOOST_TEST(mentions(refusal_of({"json="}), "the name of the file is missing"));
  BOOST_TEST(mentions(refusal_of({"text", "json"}), "only one report can go to standard output"));
  BOOST_TEST(mentions(refusal_of({"text=a", "json=a"}), "a is named twice"));
  BOOST_TEST(refusal_of({"text", "json=a", "json=b"}) == "accepted");
  BOOST_TEST(
      refusal_of({"junit=a.xml,json=b,1.json"}) ==
      "--report junit=a.xml,json=b,1.json: a flag for each report, as in --report junit=a.xml --report json=b,1.json");
  BOOST_TEST(mentions(refusal_of({"text,html=a"}), "as in --report text --report html=a"));
  BOOST_TEST(refusal_of({"json=a,b", "text=c,json"}) == "accepted");
}

BOOST_AUTO_TEST_CASE(several_reports_of_one_run_are_written) {
  const test_support::TempFolder folder;
  const auto json = folder.file("a.json"), text = folder.file("a.txt");
  TextOptions colored;
  colored.color = true;
  const auto shown = run_with({"json=" + json, "text=" + text, "text"}, colored);
  BOOST_TEST(mentions(shown, "\x1b[32mok"));
  BOOST_TEST(mentions(shown, "2 passed, 0 failed"));
  BOOST_TEST(mentions(content_of(text), "  ok    D3-exactly-200"));
  BOOST_TEST(boost::json::parse(content_of(json)).at("summary").at("passed") == 2);
}

BOOST_AUTO_TEST_CASE(json_on_standard_output_is_nothing_but_json) {
  BOOST_TEST(boost::json::parse(run_with({"json"})).at("full") == false);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_written_is_refused_before_the_run) {
  const test_support::TempFolder folder;
  BOOST_CHECK_EXCEPTION(
      run_with({"json=" + folder.file("no/such/folder/a.json")}), std::invalid_argument,
      [](const std::invalid_argument& error) { return mentions(error.what(), "a.json cannot be written"); });
}

BOOST_AUTO_TEST_CASE(a_report_that_breaks_off_is_named_and_the_others_are_complete) {
  const test_support::TempFolder folder;
  const auto json = folder.file("a.json");
  const auto shown = run_with({"junit=/dev/full", "json=" + json});
  BOOST_TEST(missing == "the report on /dev/full could not be written completely: is the disk full?");
  BOOST_TEST(mentions(shown, "2 passed, 0 failed"));
  BOOST_TEST(boost::json::parse(content_of(json)).at("summary").at("passed") == 2);
}

BOOST_AUTO_TEST_CASE(an_earlier_report_does_not_outlive_the_start_of_a_run) {
  const test_support::TempFolder folder;
  const auto path = folder.file("a.json");
  std::ofstream(path) << "green";
  std::ostringstream out;
  const ReportOutputs outputs(parse_report_requests({"json=" + path}), out, {});
  BOOST_TEST(content_of(path).empty());
}

BOOST_AUTO_TEST_SUITE_END()
