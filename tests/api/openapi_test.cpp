// /openapi.json and the server agree. That every answer fits it, Stage::call checks in all tests of the API.
#include "api/openapi.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "described.hpp"
#include "json_schema.hpp"
#include "stage.hpp"

using namespace api_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_route_is_described_and_every_described_call_is_routed) {
  Stage stage;
  std::set<std::pair<std::string, std::string>> routed;
  for (const auto& route : stage.routes()) routed.insert(route);
  const auto described = described_calls();
  for (const auto& [method, path] : routed)
    BOOST_TEST(described.contains({method, path}), method << ' ' << path << " is not described");
  for (const auto& [method, path] : described)
    BOOST_TEST(routed.contains({method, path}), method << ' ' << path << " is not routed");
}

BOOST_AUTO_TEST_CASE(is_served_as_it_stands_in_its_file) {
  Stage stage;
  const auto reply = stage.get("/openapi.json");
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.text == mock::api::openapi_text);
  BOOST_TEST(text(reply.body(), "openapi") == "3.1.0");
}

BOOST_AUTO_TEST_CASE(every_reference_leads_somewhere) {
  std::size_t seen = 0;
  const auto walk = [&](const auto& self, const json::value& value) -> void {
    if (const auto* object = value.if_object()) {
      if (object->contains("$ref")) ++seen, resolved(description(), value);
      for (const auto& member : *object) self(self, member.value());
    } else if (const auto* array = value.if_array()) {
      for (const auto& one : *array) self(self, one);
    }
  };
  walk(walk, json::value(description()));
  BOOST_TEST(seen > 100U);
}

BOOST_AUTO_TEST_CASE(checker_of_answers_notices_what_is_wrong) {
  const auto problem = [](int status, const char* body) { return answer_problem("GET", "/v1/clock", status, body); };
  BOOST_TEST(problem(200, R"({"mode":"real","now":"2026-11-24T12:00:00.000Z"})").empty());
  BOOST_TEST(!problem(200, R"({"mode":"real","now":"2026-11-24T12:00:00Z"})").empty());
  BOOST_TEST(!problem(200, R"({"mode":"slow","now":"2026-11-24T12:00:00.000Z"})").empty());
  BOOST_TEST(!problem(200, R"({"mode":"real"})").empty());
  BOOST_TEST(!problem(200, R"({"mode":"real","now":"2026-11-24T12:00:00.000Z","x":1})").empty());
  BOOST_TEST(!problem(201, R"({"mode":"real","now":"2026-11-24T12:00:00.000Z"})").empty());
  BOOST_TEST(!problem(404, R"({"error":"no"})").empty());
  BOOST_TEST(problem(404, R"({"status":404,"error":"no"})").empty());
  BOOST_TEST(!answer_problem("GET", "/v1/none", 200, "{}").empty());
}

BOOST_AUTO_TEST_SUITE_END()
