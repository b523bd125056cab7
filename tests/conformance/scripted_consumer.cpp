#include "scripted_consumer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "conformance/registry.hpp"

namespace conformance_test {

using namespace mock::conformance;
using mock::delivery::Outcome;

Answer status(int code, std::chrono::milliseconds took) {
  Answer answer;
  answer.outcome = code == 200 ? Outcome::ok : Outcome::bad_status;
  answer.status = code;
  answer.took = took;
  answer.connected = true;
  return answer;
}

Answer no_answer_in_time() {
  auto answer = failed(Outcome::timeout);
  answer.took = std::chrono::seconds(5);
  answer.detail = "waiting for the response";
  return answer;
}

Answer refused() {
  Answer answer;
  answer.outcome = Outcome::unreachable;
  answer.detail = "connection refused";
  answer.took = std::chrono::milliseconds(1);
  return answer;
}

Answer failed(Outcome outcome) {
  Answer answer;
  answer.outcome = outcome;
  answer.connected = true;
  answer.took = std::chrono::milliseconds(3);
  return answer;
}

void ScriptedConsumer::post(mock::delivery::Push push, Done done) {
  const auto body = boost::json::parse(*push.body);
  seen.push_back({std::string(body.at("event").as_string()), *push.body, seen.size(), 1});
  urls.push_back(push.url);
  waiting_.push_back(std::move(done));
}

bool ScriptedConsumer::run_until(const std::function<bool()>& ready, mock::delivery::Duration limit) {
  if (silent) {
    now_ += limit;
    return false;
  }
  mock::delivery::Duration longest{};
  const auto together = waiting_.size();
  for (auto& done : std::exchange(waiting_, {})) {
    auto& push = seen[first_waiting_++];
    push.together = together;
    auto answer = behaviour_(push);
    longest = std::max(longest, answer.took);
    done(std::move(answer));
  }
  now_ += longest;
  return ready();
}

Plan plan_of(const SelectionOptions& options) {
  Plan plan;
  plan.target = {"https://consumer.example/hook/secret", "https://consumer.example:443/***", events_to_push(options)};
  plan.cases = select(all_cases(), options);
  plan.seed = 7;
  return plan;
}

Report judge(ScriptedConsumer& consumer, const Plan& plan) {
  return run(plan, consumer, consumer, [](const CaseResult&) {});
}

std::string ids_with(const Report& report, Status wanted) {
  std::string ids;
  for (const auto& result : report.cases) {
    if (result.status == wanted) {
      ids += (ids.empty() ? "" : " ") + result.definition->id;
    }
  }
  return ids;
}

}  // namespace conformance_test
