#include "consumer/handlers.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

namespace pw = prospero::webhooks;
namespace utf = boost::unit_test;
using consumer::LogFormat;

namespace {

const std::string id = "5d1c2f80-c93e-11f0-8de9-0242ac120002";

std::string line_of(const std::string& event, LogFormat format = LogFormat::text) {
  std::string line;
  const auto dispatcher = consumer::make_dispatcher(format, [&](const std::string& told) { line += told; });
  pw::Delivery how;
  how.source = "opera";
  how.received_at = std::chrono::system_clock::now();
  const std::string body = R"({"event":")" + event + R"(","data":{"id":")" + id +
                           R"(","lastUpdatedAt":"2026-11-24T02:00:00Z","sampleTitle":"confidential"}})";
  dispatcher.dispatch(pw::parse(body).value(), how);
  return line;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_CASE(a_line_names_the_push_but_not_its_contents, *utf::label("T4")) {
  for (const auto event : pw::all_webhook_events) {
    const std::string line = line_of(std::string(pw::to_text(event)));
    BOOST_TEST(line.starts_with("handled " + std::string(pw::to_text(event)) + " id=" + id +
                                " changed=2026-11-24T02:00:00Z source=opera "));
    BOOST_TEST(line.find("confidential") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_fallback_names_an_unknown_webhook_event_harmlessly, *utf::label("E10")) {
  BOOST_TEST(line_of("budget.approved").starts_with("handled budget.approved (unknown to this version) "));
  BOOST_TEST(line_of(R"(a\n\u001b[31m)").starts_with(R"(handled a\x0A\x1B[31m (unknown)"));
  BOOST_TEST(consumer::printable(std::string(200, 'x')) == std::string(80, 'x') + "...");
  BOOST_TEST(consumer::printable("\\\xff") == "\\x5C\\xFF");
}

BOOST_AUTO_TEST_CASE(json_lines_are_json) {
  const auto line = boost::json::parse(line_of("offer.updated", LogFormat::json));
  BOOST_TEST(line.at("handled") == "offer.updated");
  BOOST_TEST(line.at("entityId").as_string() == id);
  BOOST_TEST(line.at("source") == "opera");
  BOOST_TEST(boost::json::parse(line_of("budget.approved", LogFormat::json)).at("entityId").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
