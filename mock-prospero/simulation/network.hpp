// The network between the sender and its consumers, and the consumers: what a push meets on its way.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "delivery/ports.hpp"
#include "simulation/history.hpp"
#include "simulation/plan.hpp"
#include "simulation/random.hpp"
#include "simulation/timeline.hpp"

namespace mock::simulation {

enum class Mood : std::uint8_t { up, down, slow, flapping, losing };
constexpr int moods = 5;

/// It outlives the sender: a push that is on its way arrives although the sender crashed meanwhile.
class Network final : public delivery::Transport {
 public:
  Network(const Plan& plan, Random& random, Timeline& timeline, History& history)
      : plan_(plan), random_(random), timeline_(timeline), history_(history) {}

  void post(delivery::Push push, Done done) override;

  void set_mood(const std::string& url, Mood mood) { moods_[url] = mood; }
  void calm_down() { calm_ = true; }  ///< every consumer is up, and nothing goes wrong any more
  void forget_sender() { ++life_; }   ///< no answer is reported to a sender that is gone

  /// The sender's machine sleeps until then: it notices nothing, and its deadlines pass.
  void sleep_until(Duration when) { asleep_until_ = when; }
  bool asleep() const { return timeline_.now() < asleep_until_; }
  Duration asleep_until() const { return asleep_until_; }

 private:
  /// What becomes of one attempt, in time from its start.
  struct Passage {
    delivery::Outcome outcome = delivery::Outcome::ok;
    std::optional<int> status;
    Duration took{};
    std::optional<Duration> arrives;   ///< the consumer has the push
    std::optional<Duration> answered;  ///< its answer has arrived
    int consumer_status = 200;
    std::string detail{};
  };

  Passage draw(const std::string& url);
  Passage draw_down();
  Passage draw_answered(Duration answered, int status);
  static Passage held_back();
  Passage failed(delivery::Outcome outcome, bool arrives);
  Duration soon();
  Duration late();
  void complete(Passage passage, Duration started, std::uint64_t life, const Done& done);

  const Plan& plan_;
  Random& random_;
  Timeline& timeline_;
  History& history_;
  std::map<std::string, Mood> moods_;
  bool calm_ = false;
  std::uint64_t life_ = 0;
  Duration asleep_until_{};
};

}  // namespace mock::simulation
