#include "conformance/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "conformance/exchange_text.hpp"

namespace mock::conformance {
namespace {

// Far over the 5 s that a transport has (D4): when this passes, the tester is at fault, not the consumer.
constexpr delivery::Duration patience = std::chrono::seconds(30);
constexpr delivery::Duration up_within = std::chrono::seconds(30);
constexpr delivery::Duration start_again_after = std::chrono::milliseconds(500);
constexpr delivery::Duration look_up_every = std::chrono::milliseconds(100);
constexpr delivery::Duration first_witness_pause = std::chrono::milliseconds(20);
constexpr delivery::Duration last_witness_pause = std::chrono::seconds(1);

delivery::AttemptResult never_reported() {
  delivery::AttemptResult answer;
  answer.outcome = delivery::Outcome::interrupted;
  answer.detail = "the transport reported no outcome";
  return answer;
}

bool never() {
  return false;
}

}  // namespace

bool found_nobody(const delivery::AttemptResult& answer) {
  const bool failed = answer.outcome == delivery::Outcome::unreachable || answer.outcome == delivery::Outcome::timeout;
  return failed && !answer.connected;
}

bool found_no_name(const delivery::AttemptResult& answer) {
  return found_nobody(answer) && answer.phases.dns && !answer.phases.connect;
}

// Outlives the wait: a transport that reports after our patience must not write into a dead frame.
struct Probe::Pending {
  explicit Pending(std::size_t count) : requests(count), results(count), missing(count) {}
  std::vector<std::string> requests;
  std::vector<std::optional<delivery::AttemptResult>> results;
  std::size_t missing;
};

Probe::Probe(const Target& target, Access access, Bodies bodies, delivery::Duration pause)
    : target_(target), access_(access), bodies_(std::move(bodies)), pause_(pause) {}

Answer Probe::send(std::string body) {
  std::vector<std::string> one;
  one.push_back(std::move(body));
  return std::move(send_together(std::move(one)).front());
}

Answer Probe::send_ordinary() {
  return send(bodies_.ordinary(any_event()));
}

std::vector<Answer> Probe::send_together(std::vector<std::string> bodies) {
  const auto pending = std::make_shared<Pending>(bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    keep_pace();
    post(std::move(bodies[i]), pending, i);
  }
  return collect(pending);
}

std::vector<Answer> Probe::send_evenly(std::vector<std::string> bodies, delivery::Duration interval) {
  const auto pending = std::make_shared<Pending>(bodies.size());
  auto due = access_.loop.now();
  for (std::size_t i = 0; i < bodies.size(); ++i, due += interval) {
    const auto early = due - access_.loop.now();
    if (early.count() > 0) {
      wait(early);
    }
    send_lag_ = std::max(send_lag_, access_.loop.now() - due);
    post(std::move(bodies[i]), pending, i);
  }
  return collect(pending);
}

void Probe::post(std::string body, const std::shared_ptr<Pending>& pending, std::size_t index) {
  pending->requests[index] = request_text("POST, application/json", body, !bodies_.from_records());
  auto shared = std::make_shared<const std::string>(std::move(body));
  const auto& url = access_.process != nullptr ? access_.process->url() : target_.url;
  access_.transport.post({url, std::move(shared)}, [pending, index](delivery::AttemptResult result) {
    pending->results[index] = std::move(result);
    --pending->missing;
  });
}

std::vector<Answer> Probe::collect(const std::shared_ptr<Pending>& pending) {
  access_.loop.run_until([&] { return pending->missing == 0; }, patience);
  check_interrupt();
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < pending->results.size(); ++i) {
    auto& result = pending->results[i];
    answers.push_back({result ? std::move(*result) : never_reported(), std::move(pending->requests[i])});
    note(answers.back());
  }
  return answers;
}

Session Probe::exchange(const std::vector<WireRequest>& requests, TlsVersion version, bool resume) {
  keep_pace();
  auto seen = access_.wire.exchange(requests, version, resume);
  check_interrupt();
  Session session{{}, seen.resumed, seen.certificate_days_left};
  const std::size_t unseen = resume ? 1 : 0;  // the request that only made the session to take up
  for (std::size_t i = 0; i < seen.answers.size(); ++i) {
    const auto& request = requests.at(i + unseen);
    session.answers.push_back(
        {std::move(seen.answers[i]), request_text(how_text(request), request.body, !bodies_.from_records())});
    note(session.answers.back());
  }
  return session;
}

Answer Probe::exchange_one(const WireRequest& request, TlsVersion version) {
  auto session = exchange({request}, version);
  if (session.answers.empty()) {
    return {never_reported(), request_text(how_text(request), request.body, !bodies_.from_records())};
  }
  return std::move(session.answers.front());
}

std::unique_ptr<HeldConnections> Probe::hold(std::size_t count, bool speaking) {
  auto held = access_.wire.hold(count, speaking);
  found_somebody_ = found_somebody_ || held->count() > 0;
  check_interrupt();
  return held;
}

WitnessReading Probe::ask_witness(const std::function<bool(const WitnessReading&)>& settled, delivery::Duration limit) {
  const auto deadline = access_.loop.now() + limit;
  auto pause = first_witness_pause;
  while (true) {
    auto reading = access_.witness->read();
    check_interrupt();
    if (!reading.problem.empty() || settled(reading) || access_.loop.now() >= deadline) return reading;
    wait(pause);
    pause = std::min(2 * pause, last_witness_pause);
  }
}

// A supervisor would start it again too; a port that is not free yet is a usual reason.
std::string Probe::bring_up() {
  std::string problem = "it does not listen";
  const auto deadline = access_.loop.now() + up_within;
  while (access_.loop.now() < deadline) {
    if (!access_.process->running()) {
      const bool has_url = !access_.process->url().empty() && access_.process->url() != url_from_output;
      if (has_url && send_ordinary().connected) return outlives_kill;
      problem = access_.process->start();
      if (problem.empty()) problem = "it does not listen, or ends by itself";
    }
    if (access_.process->running() && send_ordinary().connected) return {};
    wait(access_.process->running() ? look_up_every : start_again_after);
  }
  return fmt::format("{} within 30 s of its start", problem);
}

void Probe::wait(delivery::Duration time) {
  access_.loop.run_until(never, time);
  check_interrupt();
}

void Probe::keep_pace() {
  if (pause_.count() > 0 && last_start_) {
    const auto early = *last_start_ + pause_ - access_.loop.now();
    if (early.count() > 0) {
      wait(early);
    }
  }
  last_start_ = access_.loop.now();
}

std::string Probe::family_with(const std::vector<std::string>& actions) const {
  const auto listened = [&](const std::string& event) {
    return std::ranges::find(target_.events, event) != target_.events.end();
  };
  for (const auto& event : target_.events) {
    const auto family = event.substr(0, event.find('.'));
    if (std::ranges::all_of(actions, [&](const auto& action) { return listened(family + "." + action); })) {
      return family;
    }
  }
  return {};
}

void Probe::note(const Answer& answer) {
  if (answer.outcome == delivery::Outcome::ok || answer.outcome == delivery::Outcome::bad_status) {
    latencies_.push_back(answer.took);
  }
  found_somebody_ = found_somebody_ || answer.connected;
  lost_ = found_nobody(answer);
  last_ = answer;
}

void Probe::check_interrupt() const {
  if (access_.loop.interrupted()) {
    throw Interrupted{};
  }
}

}  // namespace mock::conformance
