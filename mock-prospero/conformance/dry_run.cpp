#include "conformance/dry_run.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "contract/values.hpp"

namespace mock::conformance {
namespace {

Answer success() {
  Answer answer;
  answer.outcome = delivery::Outcome::ok;
  answer.status = contract::success_status;
  answer.connected = true;
  return answer;
}

// As a consumer answers that passes every case.
Answer right_answer(const WireRequest& request, TlsVersion version) {
  auto answer = success();
  if (version == TlsVersion::v1_0 || version == TlsVersion::v1_1) {
    answer.outcome = delivery::Outcome::tls_error;
  } else if (request.method != "POST" || request.where != Where::hook) {
    answer.outcome = delivery::Outcome::bad_status;
    answer.status = 404;
  }
  return answer;
}

class NothingHeld : public HeldConnections {
 public:
  explicit NothingHeld(std::size_t count) : count_(count) {}
  void trickle() override {}
  std::size_t count() const override { return count_; }

 private:
  std::size_t count_;
};

// Answers every push with 200 at once, on a clock that jumps, keeps what was sent, and tells of all as processed, so
// that no case is skipped for one that it rests on.
class NoConsumer : public delivery::Transport, public Loop, public Wire, public Witness, public ConsumerProcess {
 public:
  void post(delivery::Push push, Done done) override {
    keep({ordinary_headers(), *push.body});
    waiting_.push_back(std::move(done));
  }
  delivery::Duration now() const override { return now_; }
  delivery::Duration take_lag() override { return {}; }
  bool run_until(const std::function<bool()>& ready, delivery::Duration limit) override {
    for (auto& done : std::exchange(waiting_, {})) {
      done(success());
    }
    const bool is_ready = ready();
    if (!is_ready) now_ += limit;
    return is_ready;
  }
  WireSession exchange(const std::vector<WireRequest>& wanted, TlsVersion version, bool resume) override {
    WireSession session;
    for (const auto& request : wanted) {
      const bool cut = request.cut_head || request.cut_body || request.leave_before_answer;
      keep({request.headers, request.body, request.method == "POST" && request.where == Where::hook && !cut});
      session.answers.push_back({right_answer(request, version), {}});
    }
    if (resume) session.answers.erase(session.answers.begin());
    return session;
  }
  std::unique_ptr<HeldConnections> hold(std::size_t count, bool) override {
    return std::make_unique<NothingHeld>(count);
  }

  WitnessReading read() override {
    for (; told_ < requests.size(); ++told_) {
      reading_.lines[identity_of(requests[told_].body)] = {WitnessLine::Result::processed, {}, 1};
    }
    return reading_;
  }

  std::string start() override { return {}; }
  const std::string& url() const override { return url_; }
  void kill() override {}
  bool running() const override { return true; }

  Access access(const Plan& plan) {
    return {*this, *this, *this, plan.witness ? this : nullptr, plan.crash ? this : nullptr};
  }

  Traffic traffic;
  std::vector<RecordedRequest> requests;

 private:
  void keep(RecordedRequest request) {
    ++traffic.requests;
    traffic.bytes += request.body.size();
    requests.push_back(std::move(request));
  }

  WitnessReading reading_;
  std::size_t told_ = 0;
  std::string url_;
  delivery::Duration now_{};
  std::vector<Done> waiting_;
};

}  // namespace

namespace {

Traffic sent(Plan plan, bool (*chosen)(const SelectedCase&)) {
  std::erase_if(plan.cases, std::not_fn(chosen));
  NoConsumer nobody;
  run(plan, nobody.access(plan), [](const CaseResult&) {});
  return nobody.traffic;
}

bool kills(const SelectedCase& selected) {
  return selected.definition->needs.level == Level::crash && !selected.left_out;
}

}  // namespace

// Nobody is killed here, so each push of a crash case is made once; in truth it may take all its attempts (R1).
Traffic dry_run(const Plan& plan) {
  auto traffic = sent(plan, [](const SelectedCase& selected) { return !kills(selected); });
  if (plan.crash && std::ranges::any_of(plan.cases, kills)) {
    const auto once = sent(plan, kills);
    traffic.requests += once.requests * contract::attempts_max;
    traffic.bytes += once.bytes * contract::attempts_max;
  }
  return traffic;
}

std::vector<RecordedCase> record(const Plan& plan) {
  std::vector<RecordedCase> recorded;
  for (const auto& selected : plan.cases) {
    const auto& subject = *selected.definition;
    if (selected.left_out) continue;
    NoConsumer nobody;
    Probe probe(plan.target, nobody.access(plan), Bodies(plan.seed, subject.id, plan.material));
    subject.run(subject, probe);
    recorded.push_back({&subject, std::move(nobody.requests)});
  }
  return recorded;
}

}  // namespace mock::conformance
