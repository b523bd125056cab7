#include "contract/describe.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>
#include <vector>

using boost::unit_test::label;
using namespace std::chrono_literals;
namespace contract = mock::contract;

namespace {

contract::Values with(void (*change)(contract::Values&)) {
  contract::Values values;
  change(values);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(describe)

BOOST_AUTO_TEST_CASE(durations_in_the_shortest_exact_form) {
  const std::vector<std::pair<std::chrono::milliseconds, std::string>> rows{
      {0ms, "0 s"},   {1ms, "1 ms"},         {999ms, "999 ms"}, {1500ms, "1 s 500 ms"},
      {60s, "1 min"}, {90min, "1 h 30 min"}, {24h, "24 h"},     {7h + 1min, "7 h 1 min"},
  };
  for (const auto& [duration, text] : rows) BOOST_TEST(contract::describe(duration) == text);
}

BOOST_AUTO_TEST_CASE(retries, *label("R1") * label("R2") * label("R4")) {
  const contract::Values values;
  BOOST_TEST(contract::describe_retries(values) == "1 min, 1 h, 6 h after the previous failure");
  BOOST_TEST(contract::describe_retries(with([](auto& v) { v.delays_from = contract::DelaysFrom::first_failure; })) ==
             "1 min, 1 h, 6 h after the first failure");
  BOOST_TEST(contract::describe_delays(values) ==
             "from the previous failure: 7 h 1 min to the last retry, plus the attempts' time");
  BOOST_TEST(contract::describe_delays(with([](auto& v) { v.delays_from = contract::DelaysFrom::first_failure; })) ==
             "from the first failure: 6 h to the last retry");
  BOOST_TEST(contract::describe_delays(with([](auto& v) { v.retries.clear(); })) == "no retry");
  BOOST_TEST(contract::describe_attempts(values) == "abandoned after 4 failed attempts");
  BOOST_TEST(contract::describe_retries(with([](auto& v) { v.retries.clear(); })) == "no retry");
}

BOOST_AUTO_TEST_CASE(disable_rule, *label("X2")) {
  BOOST_TEST(contract::describe_disable_rule({}) == "after 20 consecutive failed attempts that span at least 0 s");
  BOOST_TEST(contract::describe_disable_rule(with([](auto& v) { v.disable_after = 0; })) == "never");
  BOOST_TEST(contract::describe_disable_rule(with([](auto& v) { v.disable_span = 24h; })).ends_with("24 h"));
}

BOOST_AUTO_TEST_CASE(url_policy_and_roots, *label("D6") * label("D7")) {
  BOOST_TEST(contract::describe_url_policy({}) == "https only; public addresses");
  const auto open = with([](auto& v) {
    v.allow_local = v.allow_http = true;
    v.allow_nets = {"10.0.0.0/8", "fd00::/8"};
    v.ca_files = {"ca.pem"};
  });
  BOOST_TEST(contract::describe_url_policy(open) ==
             "http and https; public and loopback addresses; also 10.0.0.0/8, fd00::/8");
  BOOST_TEST(contract::describe_roots({}) == "the system's roots");
  BOOST_TEST(contract::describe_roots(open) == "only the roots in ca.pem");
}

BOOST_AUTO_TEST_CASE(fields_and_archiving, *label("D2") * label("T3") * label("E11")) {
  const auto other = with([](auto& v) {
    v.content_type = "text/plain; charset=utf-8";
    v.user_agent = "Prospero";
    v.archive_fires = "event.archived";
    v.without_fields = {"orgId", "createdAt"};
  });
  BOOST_TEST(contract::describe_headers(other) == "Content-Type: text/plain; charset=utf-8, User-Agent: Prospero");
  BOOST_TEST(contract::describe_entity_header(other) == "id, lastUpdatedAt");
  BOOST_TEST(contract::describe_archiving(other) == "event.archived");
  BOOST_TEST(contract::describe_archiving({}) == "event.updated");
  BOOST_TEST(contract::describe_archiving(with([](auto& v) { v.archive_fires.reset(); })) == "nothing");
}

BOOST_AUTO_TEST_CASE(clocks, *label("G6")) {
  BOOST_TEST(contract::describe_clock({}) == "real clock");
  BOOST_TEST(contract::describe_clock(with([](auto& v) { v.speed = 60; })) == "real clock, 60 times as fast");
  BOOST_TEST(contract::describe_clock(with([](auto& v) { v.virtual_clock = true; })) == "virtual clock");
}

BOOST_AUTO_TEST_CASE(fixed_values, *label("D1") * label("D2") * label("D3") * label("D4") * label("G4")) {
  BOOST_TEST(contract::describe_body({}) == R"({"event": <webhook event name>, "data": <entity>})");
  BOOST_TEST(contract::describe_headers({}).starts_with("Content-Type: application/json, User-Agent: "));
  BOOST_TEST(contract::describe_success({}) == "200");
  BOOST_TEST(contract::describe_deadline({}) == "less than 5 s");
  BOOST_TEST(contract::describe_bounds({}) == "10 under way per webhook, 256 in all (128 kept for idle webhooks)");
  BOOST_TEST(contract::describe_uuid({}) == "version 1");
  BOOST_TEST(contract::describe_entity_header({}) == "id, createdAt, lastUpdatedAt, orgId");
  BOOST_TEST(contract::describe_error_body({}) == R"({"status": <integer>, "error": <text>})");
}

BOOST_AUTO_TEST_SUITE_END()
