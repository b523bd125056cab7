// Random runs, each against the reference model. A failure names its seed.
#include <boost/test/unit_test.hpp>
#include <random>

#include "reference_model.hpp"
#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace std::chrono_literals;
using test::Answer;

namespace {

class RandomRun {
 public:
  explicit RandomRun(std::uint64_t seed)
      : random_(seed),
        salt_(seed * 2654435761u),
        webhooks_(pick(1, 4)),
        failures_percent_(pick(20, 100)),
        rules_(make_rules()),
        world_({rules_.delays, rules_.disable_after, rules_.disable_span, rules_.per_webhook, rules_.total,
                rules_.from_first_failure ? mock::contract::DelaysFrom::first_failure
                                          : mock::contract::DelaysFrom::previous_failure}),
        model_(rules_, [this](const std::string& id, int nth) { return answer(id, nth); }) {
    world_.transport.set_script([this](const Push& push, int nth) { return answer(*push.body, nth); });
    for (int i = 0; i < webhooks_; ++i) {
      world_.sender().add_webhook(webhook(i), "https://" + webhook(i));
      model_.add_webhook(webhook(i));
    }
  }

  void go() {
    for (int i = 0; i < 30; ++i) one_operation();
    advance(1000h);
    compare();
  }

 private:
  int pick(int least, int most) { return std::uniform_int_distribution{least, most}(random_); }
  static std::string webhook(int i) { return "w" + std::to_string(i); }
  std::string any_webhook() { return webhook(pick(0, webhooks_ - 1)); }

  test::ModelRules make_rules();
  // The same for both sides, whatever the order in which they ask. Durations are coarse, so that instants coincide.
  Answer answer(const std::string& id, int nth) const {
    std::mt19937_64 own{std::hash<std::string>{}(id + '/' + std::to_string(nth)) ^ salt_};
    const auto outcome = static_cast<int>(own() % 100) >= failures_percent_ ? Outcome::ok
                         : own() % 10 == 0                                  ? Outcome::interrupted
                                                                            : Outcome::bad_status;
    const bool unsent = outcome == Outcome::interrupted && own() % 2 == 0;
    return {outcome, std::chrono::milliseconds{500 * (1 + own() % 10)}, unsent ? "not sent" : ""};
  }

  void one_operation();
  void push_some();
  void advance(std::optional<Duration> by);
  void start_due() {
    world_.time.step(world_.sender());
    model_.start_due();
  }
  void compare();

  std::mt19937_64 random_;
  std::uint64_t salt_;
  int webhooks_;
  int failures_percent_;
  test::ModelRules rules_;
  test::World world_;
  test::ReferenceModel model_;
  std::vector<std::string> ids_;
};

test::ModelRules RandomRun::make_rules() {
  test::ModelRules rules;
  for (int i = pick(0, 4); i > 0; --i) rules.delays.push_back(std::chrono::seconds{1} * pick(0, 8));
  if (pick(0, 1) == 0) rules.delays = {1min, 1h, 6h};
  rules.disable_after = pick(0, 8);
  rules.disable_span = std::chrono::seconds{pick(0, 1) * pick(0, 30)};
  rules.per_webhook = static_cast<std::size_t>(pick(1, 4));
  rules.total = static_cast<std::size_t>(pick(1, 6));
  rules.from_first_failure = pick(0, 2) == 0;
  return rules;
}

void RandomRun::push_some() {
  const auto to = any_webhook();
  for (int i = pick(1, 8); i > 0; --i) {
    // Ids whose order is not that of their creation.
    ids_.push_back(std::to_string(pick(1000, 9999)) + '-' + std::to_string(ids_.size()));
    world_.push(ids_.back(), to);
    model_.push(ids_.back(), to);
  }
}

void RandomRun::advance(std::optional<Duration> by) {
  if (by) {
    world_.time.advance_by(*by);
  } else {
    world_.time.advance_to_next();
  }
  world_.drive();
  model_.advance(by);
  BOOST_REQUIRE_EQUAL(world_.time.attempts(), static_cast<std::size_t>(model_.started()));
}

void RandomRun::one_operation() {
  const auto what = pick(0, 99);
  const auto id = any_webhook();
  if (what < 40) {
    push_some();
  } else if (what < 50) {
    start_due();
  } else if (what < 55) {
    world_.sender().disable(id);
    model_.disable(id);
  } else if (what < 65) {
    world_.sender().enable(id);
    model_.enable(id);
  } else if (what < 67) {
    world_.sender().remove(id);
    model_.remove(id);
  } else if (what < 80) {
    advance(std::nullopt);
  } else {
    advance(pick(0, 1) == 0 ? std::chrono::milliseconds{500 * pick(0, 20)} : std::chrono::minutes{pick(0, 90)});
  }
  compare();
}

void RandomRun::compare() {
  BOOST_REQUIRE_EQUAL(test::show(world_.clock.now()), test::show(model_.now()));
  for (int i = 0; i < webhooks_; ++i) {
    const auto& status = world_.sender().webhook(webhook(i));
    BOOST_REQUIRE_EQUAL(test::describe(status), model_.webhook_line(webhook(i)));
  }
  for (const auto& id : ids_) BOOST_REQUIRE_EQUAL(test::describe(world_.delivery(id)), model_.delivery_line(id));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_runs)

BOOST_AUTO_TEST_CASE(runs_agree_with_the_reference_model, *label("R1") * label("R2") * label("R3") * label("R4") *
                                                              label("X2") * label("X3") * label("X4") * label("G1") *
                                                              label("G2") * label("G4") * label("G5") * label("G6")) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      RandomRun{seed}.go();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
