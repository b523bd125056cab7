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

namespace {

std::string event_of(const std::string& body) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(body, error);
  const auto* const object = error ? nullptr : parsed.if_object();
  const auto* const event = object != nullptr ? object->if_contains("event") : nullptr;
  return event != nullptr && event->is_string() ? std::string(event->get_string()) : std::string();
}

}  // namespace

Answer refused() {
  Answer answer;
  answer.outcome = Outcome::unreachable;
  answer.detail = "connection refused";
  answer.took = std::chrono::milliseconds(1);
  return answer;
}

Answer no_name() {
  auto answer = refused();
  answer.detail = "name 'consumer.example' not found";
  answer.phases.dns = answer.took;
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
  seen.push_back({event_of(*push.body), *push.body, seen.size(), 1});
  waiting_for_.push_back(seen.size() - 1);
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
  std::size_t i = 0;
  for (auto& done : std::exchange(waiting_, {})) {
    auto& push = seen[waiting_for_[i++]];
    push.together = together;
    auto answer = behaviour_(push);
    longest = std::max(longest, answer.took);
    done(std::move(answer));
  }
  waiting_for_.clear();
  now_ += longest;
  const bool is_ready = ready();
  if (!is_ready) now_ += limit;
  return is_ready;
}

Answer ScriptedConsumer::answer(const WireRequest& request, TlsVersion version) {
  if (version == TlsVersion::v1_0 || version == TlsVersion::v1_1) {
    auto refusal = failed(Outcome::tls_error);
    refusal.connected = true;
    return refusal;
  }
  const auto arrived = request.body.substr(0, request.cut_head ? 0 : request.cut_body.value_or(request.body.size()));
  seen.push_back({event_of(arrived), arrived, seen.size(), 1});
  if (request.cut_head || request.cut_body) return failed(Outcome::interrupted);
  if (request.method != "POST") return status(405);
  if (request.where == Where::other_path) return status(404);
  auto result = behaviour_(seen.back());
  now_ += result.took;
  return request.leave_before_answer ? failed(Outcome::interrupted) : result;
}

WireSession ScriptedConsumer::exchange(const std::vector<WireRequest>& requests, TlsVersion version, bool resume) {
  WireSession session;
  session.certificate_days_left = 60;
  for (const auto& request : requests) {
    auto given = answer(request, version);
    if (given.status && given.received.empty())
      given.received = "HTTP/1.1 " + std::to_string(*given.status) + " x\r\n\r\n";
    session.answers.push_back(std::move(given));
  }
  if (resume) session.answers.erase(session.answers.begin());
  return session;
}

namespace {

// What has come of requests that never become complete is the body of each in `seen`.
class Held : public HeldConnections {
 public:
  Held(std::vector<Seen>& seen, std::size_t count) : seen_(seen), begin_(seen.size()), count_(count) {
    for (std::size_t i = 0; i < count; ++i) seen_.push_back({"", "{", seen_.size(), 1});
  }
  void trickle() override {
    for (std::size_t i = 0; i < count_; ++i) seen_[begin_ + i].body += ' ';
  }
  std::size_t count() const override { return count_; }

 private:
  std::vector<Seen>& seen_;
  std::size_t begin_, count_;
};

}  // namespace

std::unique_ptr<HeldConnections> ScriptedConsumer::hold(std::size_t count, bool speaking) {
  return std::make_unique<Held>(seen, speaking ? count : 0);
}

Plan plan_of(const SelectionOptions& options) {
  Plan plan;
  plan.target = {"https://consumer.example/hook/secret", "https://consumer.example:443/***", events_to_push(options)};
  plan.cases = select(all_cases(), options);
  plan.seed = 7;
  return plan;
}

Report judge(ScriptedConsumer& consumer, const Plan& plan) {
  return run(plan, {consumer, consumer, consumer}, [](const CaseResult&) {});
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
