// A transport without a network: answers as scripted, after a scripted real duration, in a real time that the test
// moves on.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "delivery/ports.hpp"

namespace mock::delivery::test {

struct Answer {
  Outcome outcome = Outcome::ok;
  Duration took = std::chrono::milliseconds{100};
  std::string detail{};
};

class FakeTransport final : public Transport {
 public:
  struct Sent {
    std::string url;
    std::shared_ptr<const std::string> body;
    Duration at{};  ///< real time
  };
  /// Gives the answer to a push that is the n-th (from 0) with that body.
  using Script = std::function<Answer(const Push&, int nth)>;

  void set_script(Script script) { script_ = std::move(script); }

  void post(Push push, Done done) override {
    const auto answer = script_ ? script_(push, seen_[push.body.get()]++) : Answer{};
    sent_.push_back({push.url, push.body, now_});
    under_way_.emplace(now_ + answer.took, std::pair{answer, std::move(done)});
    most_under_way_ = std::max(most_under_way_, under_way_.size());
  }

  Duration now() const { return now_; }
  std::optional<Duration> next_completion() const {
    return under_way_.empty() ? std::nullopt : std::optional{under_way_.begin()->first};
  }

  /// Moves real time on and reports what completes on the way.
  void run_until(Duration until) {
    while (!under_way_.empty() && under_way_.begin()->first <= until) {
      auto node = under_way_.extract(under_way_.begin());
      now_ = node.key();
      auto& [answer, done] = node.mapped();
      AttemptResult result;
      result.outcome = answer.outcome;
      result.took = answer.took;
      result.detail = answer.detail;
      if (answer.outcome == Outcome::ok) result.status = 200;
      if (answer.outcome == Outcome::bad_status) result.status = 500;
      done(std::move(result));
    }
    now_ = std::max(now_, until);
  }

  const std::vector<Sent>& sent() const { return sent_; }
  std::size_t most_under_way() const { return most_under_way_; }

 private:
  Script script_;
  Duration now_{};
  std::map<const std::string*, int> seen_;
  std::multimap<Duration, std::pair<Answer, Done>> under_way_;
  std::vector<Sent> sent_;
  std::size_t most_under_way_ = 0;
};

}  // namespace mock::delivery::test
