#include "consumer/handlers.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

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

BOOST_AUTO_TEST_CASE(ambiguous_push_is_reread_or_the_line_says_why_not, *utf::label("H9")) {
  const std::string org = "11111111-8d3e-11ee-b962-0242ac120001";
  const auto line = [&](pw::Observation found, bool has_api, bool has_org, std::optional<pw::Observation>& told) {
    std::string text;
    consumer::Reread reread;
    if (has_api)
      reread = [&](pw::Family family, const pw::Uuid& of, const pw::Uuid& entity, const std::stop_token& stop) {
        BOOST_TEST(stop.stop_requested());
        BOOST_TEST((family == pw::Family::offer && to_text(of) == org && to_text(entity) == id));
        return found;
      };
    const auto dispatcher = consumer::make_dispatcher(
        LogFormat::text, [&](const std::string& one) { text = one; }, reread);
    pw::Delivery how;
    how.freshness = pw::Freshness::ambiguous;
    std::stop_source stop;
    stop.request_stop();
    how.stop_token = stop.get_token();
    dispatcher.dispatch(pw::parse(R"({"event":"offer.updated","data":{"id":")" + id + '"' +
                                  (has_org ? R"(,"orgId":")" + org + '"' : "") + "}}")
                            .value(),
                        how);
    told = how.observation;
    return text;
  };
  const pw::Observation changed{false, pw::Timestamp::from_text("2026-11-24T02:00:00Z")}, gone{true, std::nullopt};
  std::optional<pw::Observation> told;
  BOOST_TEST(line(changed, true, true, told).find("ambiguous, re-read: changed=2026-11-24T02:00:00Z,") !=
             std::string::npos);
  BOOST_TEST((told == changed));
  BOOST_TEST(line(gone, true, true, told).find("ambiguous, re-read: gone,") != std::string::npos);
  BOOST_TEST((told == gone));
  BOOST_TEST(line(changed, false, true, told).find("ambiguous, not re-read without --api,") != std::string::npos);
  BOOST_TEST(line(changed, true, false, told).find("ambiguous, not re-read as it names no orgId,") !=
             std::string::npos);
  BOOST_TEST(!told);
}

BOOST_AUTO_TEST_CASE(the_time_of_each_call_is_told_whether_it_returns_or_throws) {
  int told = 0;
  const auto sink = [](const std::string& line) {
    if (line.find("offer.") != std::string::npos) throw std::runtime_error("stdout is gone");
  };
  const auto dispatcher = consumer::make_dispatcher(LogFormat::text, sink, {}, [&](auto time) {
    BOOST_TEST(time.count() >= 0);
    ++told;
  });
  pw::Delivery how;
  dispatcher.dispatch(pw::parse(R"({"event":"budget.approved","data":1})").value(), how);
  BOOST_TEST(told == 1);
  const auto push = pw::parse(R"({"event":"offer.updated","data":{"id":")" + id + R"("}})").value();
  BOOST_CHECK_THROW(dispatcher.dispatch(push, how), std::runtime_error);
  BOOST_TEST(told == 2);
}

BOOST_AUTO_TEST_CASE(json_lines_are_json) {
  const auto line = boost::json::parse(line_of("offer.updated", LogFormat::json));
  BOOST_TEST(line.at("handled") == "offer.updated");
  BOOST_TEST(line.at("entityId").as_string() == id);
  BOOST_TEST(line.at("source") == "opera");
  BOOST_TEST(boost::json::parse(line_of("budget.approved", LogFormat::json)).at("entityId").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
