#include "conformance/dry_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "contract/values.hpp"

namespace mock::conformance {
namespace {

using delivery::AttemptResult;

constexpr std::int64_t days_of_a_good_certificate = 60;

AttemptResult success() {
  AttemptResult answer;
  answer.outcome = delivery::Outcome::ok;
  answer.status = contract::success_status;
  answer.connected = true;
  answer.received = "HTTP/1.1 200 OK\r\n\r\n";
  return answer;
}

bool is_refused(TlsVersion version) {
  return version == TlsVersion::v1_0 || version == TlsVersion::v1_1;
}

// As a consumer answers that passes every case.
AttemptResult right_answer(const WireRequest& request, TlsVersion version) {
  auto answer = success();
  if (is_refused(version)) {
    answer.outcome = delivery::Outcome::tls_error;
    answer.received.clear();
  } else if (request.method != "POST" || request.where != Where::hook) {
    answer.outcome = delivery::Outcome::bad_status;
    answer.status = 404;
    answer.received = "HTTP/1.1 404 Not Found\r\n\r\n";
  }
  return answer;
}

std::size_t body_bytes_sent(const WireRequest& request) {
  if (request.cut_head) return 0;
  return std::min(request.body.size(), request.cut_body.value_or(request.body.size()));
}

WireRequest ordinary_push(const std::string& body) {
  WireRequest request;
  request.headers = ordinary_headers();
  request.body = body;
  return request;
}

// Requests that never become complete, each with a first byte of its body, or silence.
class HeldRequests : public HeldConnections {
 public:
  HeldRequests(std::size_t count, bool speaking, Traffic& traffic)
      : count_(count), speaking_(speaking), traffic_(traffic) {
    traffic_.requests += speaking_ ? count_ : 0;
    trickle();
  }
  void trickle() override { traffic_.bytes += speaking_ ? count_ : 0; }
  std::size_t count() const override { return count_; }

 private:
  std::size_t count_;
  bool speaking_;
  Traffic& traffic_;
};

// Answers every push with 200 at once, on a clock that jumps, keeps what was sent, and tells of all as processed, so
// that no case is skipped for one that it rests on.
class NoConsumer : public delivery::Transport, public Loop, public Wire, public Witness, public ConsumerProcess {
 public:
  void post(delivery::Push push, Done done) override {
    keep(ordinary_push(*push.body));
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
    session.certificate_days_left = days_of_a_good_certificate;
    for (const auto& request : wanted) {
      if (!is_refused(version)) keep(request);
      session.answers.push_back(right_answer(request, version));
    }
    if (resume) session.answers.erase(session.answers.begin());
    return session;
  }
  std::unique_ptr<HeldConnections> hold(std::size_t count, bool speaking) override {
    return std::make_unique<HeldRequests>(count, speaking, traffic);
  }

  WitnessReading read() override {
    for (; told_ < requests.size(); ++told_) {
      reading_.lines[identity_of(requests[told_].body)] = {WitnessLine::Result::processed,
                                                           WitnessLine::Freshness::fresh, 1};
    }
    return reading_;
  }

  std::string start() override { return {}; }
  const std::string& url() const override { return url_; }
  void kill() override {}
  bool running() const override { return true; }
  std::optional<std::string> ended() const override { return std::nullopt; }

  Access access(const Plan& plan) {
    return {*this, *this, *this, plan.witness ? this : nullptr, plan.crash ? this : nullptr};
  }

  Traffic traffic;
  std::vector<WireRequest> requests;

 private:
  void keep(const WireRequest& request) {
    ++traffic.requests;
    traffic.bytes += body_bytes_sent(request);
    requests.push_back(request);
  }

  WitnessReading reading_;
  std::size_t told_ = 0;
  std::string url_;
  delivery::Duration now_{};
  std::vector<Done> waiting_;
};

Traffic sent(Plan plan, bool (*chosen)(const SelectedCase&)) {
  std::erase_if(plan.cases, std::not_fn(chosen));
  NoConsumer nobody;
  run(plan, nobody.access(plan), [&](const CaseResult& result) {
    const bool skipped = result.status == Status::skipped;
    nobody.traffic.cases += skipped ? 0 : 1;
    if (skipped) ++nobody.traffic.skipped[result.reason];
  });
  return nobody.traffic;
}

bool kills(const SelectedCase& selected) {
  return selected.definition->needs.level == Level::crash && !selected.left_out;
}

}  // namespace

// Nobody is killed here, so each push of a crash case is made once; in truth it may take all its attempts (R1).
Traffic dry_run(const Plan& plan) {
  if (!plan.crash || std::ranges::none_of(plan.cases, kills))
    return sent(plan, [](const SelectedCase&) { return true; });
  auto traffic = sent(plan, [](const SelectedCase& selected) { return !kills(selected); });
  const auto once = sent(plan, kills);
  traffic.requests += once.requests * contract::attempts_max;
  traffic.bytes += once.bytes * contract::attempts_max;
  traffic.cases += once.cases;
  for (const auto& [reason, count] : once.skipped) traffic.skipped[reason] += count;
  return traffic;
}

std::string traffic_text(const Plan& plan, const Traffic& traffic) {
  return fmt::format("{} of {} cases, {}{} requests ({} bytes of bodies), seed {}", traffic.cases, plan.cases.size(),
                     plan.crash ? "at most " : "", traffic.requests, traffic.bytes, plan.seed);
}

std::vector<RecordedCase> record(const Plan& plan) {
  std::vector<RecordedCase> recorded;
  for (const auto& selected : plan.cases) {
    const auto& subject = *selected.definition;
    if (selected.left_out) continue;
    NoConsumer nobody;
    Probe probe(plan.target, nobody.access(plan), Bodies(plan.seed, subject.id, plan.material));
    const auto finding = subject.run(subject, probe);
    const bool applies = finding.kind != Finding::Kind::not_applicable;
    recorded.push_back({&subject, std::move(nobody.requests), applies ? "" : finding.cause});
  }
  return recorded;
}

}  // namespace mock::conformance
