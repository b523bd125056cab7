#include "conformance/probe.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace mock::conformance {
namespace {

// Far over the 5 s that a transport has (D4): when this passes, the tester is at fault, not the consumer.
constexpr delivery::Duration patience = std::chrono::seconds(30);

// Outlives the wait: a transport that reports after our patience must not write into a dead frame.
struct Pending {
  explicit Pending(std::size_t count) : answers(count), missing(count) {}
  std::vector<std::optional<Answer>> answers;
  std::size_t missing;
};

Answer never_reported() {
  Answer answer;
  answer.outcome = delivery::Outcome::interrupted;
  answer.detail = "the transport reported no outcome";
  return answer;
}

}  // namespace

Probe::Probe(const Target& target, delivery::Transport& transport, Loop& loop, Bodies bodies)
    : target_(target), transport_(transport), loop_(loop), bodies_(std::move(bodies)) {}

Answer Probe::send(std::string body) {
  std::vector<std::string> one;
  one.push_back(std::move(body));
  return std::move(send_together(std::move(one)).front());
}

std::vector<Answer> Probe::send_together(std::vector<std::string> bodies) {
  const auto pending = std::make_shared<Pending>(bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    auto body = std::make_shared<const std::string>(std::move(bodies[i]));
    transport_.post({target_.url, std::move(body)}, [pending, i](Answer answer) {
      pending->answers[i] = std::move(answer);
      --pending->missing;
    });
  }
  loop_.run_until([&] { return pending->missing == 0; }, patience);

  std::vector<Answer> answers;
  for (auto& answer : pending->answers) {
    answers.push_back(answer ? std::move(*answer) : never_reported());
  }
  return answers;
}

}  // namespace mock::conformance
