// A consumer that is a function, seen through a transport and a loop without any socket, on a clock of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/loop.hpp"
#include "conformance/run.hpp"
#include "conformance/wire.hpp"
#include "delivery/ports.hpp"

namespace conformance_test {

using mock::conformance::Answer;

/// Answers in the forms that the transport gives them.
Answer status(int code, std::chrono::milliseconds took = std::chrono::milliseconds(8));
Answer no_answer_in_time();
Answer refused();
Answer no_name();
Answer failed(mock::delivery::Outcome outcome);

/// What was pushed: the webhook event's name, the number of the push (from 0), and how many are under way with it.
struct Seen {
  std::string event;  ///< empty if the body is no push
  std::string body;
  std::size_t number = 0;
  std::size_t together = 1;
};
using Behaviour = std::function<Answer(const Seen&)>;

class ScriptedConsumer : public mock::delivery::Transport,
                         public mock::conformance::Loop,
                         public mock::conformance::Wire {
 public:
  explicit ScriptedConsumer(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}

  void post(mock::delivery::Push push, Done done) override;
  mock::delivery::Duration now() const override { return now_; }
  bool run_until(const std::function<bool()>& ready, mock::delivery::Duration limit) override;
  mock::delivery::Duration take_lag() override { return lag; }

  mock::conformance::WireSession exchange(const std::vector<mock::conformance::WireRequest>& requests,
                                          mock::conformance::TlsVersion version, bool resume) override;
  std::unique_ptr<mock::conformance::HeldConnections> hold(std::size_t count, bool speaking) override;
  bool interrupted() const override { return interrupt_after && seen.size() >= *interrupt_after; }

  std::optional<std::size_t> interrupt_after;  ///< a person interrupts once so many pushes were seen
  mock::delivery::Duration lag{};              ///< what the loop reports as its own lateness
  bool silent = false;                         ///< the transport never reports an outcome
  std::vector<Seen> seen;
  std::vector<std::string> urls;

 private:
  Answer answer(const mock::conformance::WireRequest& request, mock::conformance::TlsVersion version);

  Behaviour behaviour_;
  mock::delivery::Duration now_{};
  std::vector<Done> waiting_;
  std::vector<std::size_t> waiting_for_;  ///< places in `seen`
};

/// A plan for every case (or what `options` select), with seed 7.
mock::conformance::Plan plan_of(const mock::conformance::SelectionOptions& options = {});

/// Runs it without looking at the progress.
mock::conformance::Report judge(ScriptedConsumer& consumer, const mock::conformance::Plan& plan = plan_of());

/// Ids of the results with that status, in order, separated by spaces.
std::string ids_with(const mock::conformance::Report& report, mock::conformance::Status status);

}  // namespace conformance_test
