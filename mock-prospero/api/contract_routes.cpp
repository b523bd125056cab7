#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <chrono>

#include "api/routes.hpp"
#include "contract/print.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;

json::array seconds_of(const std::vector<std::chrono::seconds>& durations) {
  json::array seconds;
  for (const auto one : durations) seconds.push_back(one.count());
  return seconds;
}

// For programs, beside the words of the clauses.
json::object values_json(const contract::Values& values) {
  const bool from_first = values.delays_from == contract::DelaysFrom::first_failure;
  return {{"answerWithinMs", std::chrono::milliseconds{contract::answer_within}.count()},
          {"contentType", values.content_type},
          {"userAgent", values.user_agent},
          {"retrySeconds", seconds_of(values.retries)},
          {"delaysCountFrom", from_first ? "first-failure" : "previous-failure"},
          {"disableAfter", values.disable_after},
          {"disableSpanSeconds", std::chrono::duration<double>(values.disable_span).count()},
          {"allowLocal", values.allow_local},
          {"allowHttp", values.allow_http},
          {"allowNets", json::array(values.allow_nets.begin(), values.allow_nets.end())},
          {"caFiles", json::array(values.ca_files.begin(), values.ca_files.end())},
          {"archiveFires", values.archive_fires ? json::value(*values.archive_fires) : json::value(nullptr)},
          {"withoutFields", json::array(values.without_fields.begin(), values.without_fields.end())},
          {"speed", values.speed}};
}

}  // namespace

void add_contract_routes(Router& router, const contract::Values& values) {
  auto contract = json::parse(contract::print_json(values)).as_object();
  contract["values"] = values_json(values);
  const auto answer = json_response(200, contract);
  router.add("GET", "/v1/contract", [answer](const Request&, const Captures&) { return answer; });
}

}  // namespace mock::api
