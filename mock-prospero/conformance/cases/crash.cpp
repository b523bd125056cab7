// Level crash: the consumer is killed under load and started again, and the mock's own ladder of retries brings what it
// has not answered.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/ladder.hpp"
#include "conformance/probe.hpp"
#include "contract/values.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t pushes_in_round = 40;
constexpr std::size_t rounds_of_answers = 1, rounds_of_loss = 2;
constexpr std::size_t kills_in_round = 2;  // one retry is left for what a kill has hit twice
constexpr std::uint64_t answers_before_kill_max = 12;
constexpr std::uint64_t pause_before_kill_us_max = 30'000;
constexpr delivery::Duration processed_within = std::chrono::seconds(30);
constexpr delivery::Duration look_again_after = std::chrono::milliseconds(200);
const char* const comes_back = "R1-answers-after-crash";

// What a few rounds of load and SIGKILL left.
struct Survival {
  std::vector<std::string> answered;  ///< the bodies that got 200
  std::size_t lost = 0;               ///< how many never did
  std::size_t kills = 0, attempts = 0;
  std::string gone;                    ///< why the consumer is not there any more; empty if it is
  std::optional<std::string> own_end;  ///< how it ended without a kill
};

Killing draw_killing(Bodies& bodies) {
  return {1 + bodies.draw(answers_before_kill_max),
          std::chrono::microseconds(static_cast<std::int64_t>(bodies.draw(pause_before_kill_us_max)))};
}

// One round: 40 pushes, and as many waves as it takes until each has got its 200 or has no retry left.
void survive_round(Probe& probe, Ladder& ladder, Survival& survival) {
  for (std::size_t i = 0; i < pushes_in_round; ++i) {
    ladder.add(probe.bodies().ordinary(probe.events()[i % probe.events().size()]));
  }
  for (std::size_t wave = 0; wave < contract::attempts_max && ladder.waiting() > 0; ++wave) {
    const auto killing = wave < kills_in_round ? std::optional(draw_killing(probe.bodies())) : std::nullopt;
    const bool killed = wave == 0 ? ladder.run_wave(killing) : ladder.run_retries(wave - 1, killing);
    survival.own_end = ladder.own_end();
    if (survival.own_end) return;
    if (!killed) continue;
    ++survival.kills;
    survival.gone = probe.bring_up();
    if (!survival.gone.empty()) return;
  }
}

Survival survive(Probe& probe, std::size_t rounds) {
  Survival survival;
  survival.gone = probe.bring_up();
  Ladder ladder(probe.access());
  for (std::size_t i = 0; i < rounds && survival.gone.empty() && !survival.own_end; ++i)
    survive_round(probe, ladder, survival);
  survival.answered = ladder.delivered();
  survival.lost = ladder.lost();
  survival.attempts = ladder.attempts();
  return survival;
}

std::string told(const Survival& survival) {
  return fmt::format("{} kills, {} attempts, {} pushes got 200", survival.kills, survival.attempts,
                     survival.answered.size());
}

Finding ended_without_kill(const Survival& survival) {
  return broken(
      fmt::format("{}; then it ended by itself ({}), before anybody killed it", told(survival), *survival.own_end),
      "Load, or what a kill left behind, makes the consumer end: nobody may be there to start it again.",
      "Look at its last words, among the output above; no push may end the process.");
}

Finding not_back(const Survival& survival) {
  if (survival.gone == outlives_kill) {
    Finding finding;
    finding.kind = Finding::Kind::unjudged;
    finding.actual = fmt::format("{}; then {}", told(survival), survival.gone);
    finding.cause = "Another consumer holds the port, or the command leaves its process group (setsid, a container).";
    finding.fix = "End the other one first, and let --exec run the consumer itself.";
    return finding;
  }
  return broken(fmt::format("{}; then {}", told(survival), survival.gone),
                "What the kill left behind (a lock, a half-written file, a port) keeps it from starting.",
                "Start from whatever a kill at any moment leaves, without a hand.");
}

// Nothing if it is there.
std::optional<Finding> why_not_there(const Survival& survival) {
  if (survival.own_end) return ended_without_kill(survival);
  return survival.gone.empty() ? std::nullopt : std::optional(not_back(survival));
}

Finding answers_after_crash(const Case&, Probe& probe) {
  const auto survival = survive(probe, rounds_of_answers);
  if (auto finding = why_not_there(survival)) return *std::move(finding);
  if (survival.lost > 0) {
    return broken(
        fmt::format("{}; {} never did, in 4 attempts", told(survival), survival.lost),
        "After the restart, pushes that were under way at the kill are refused.",
        "Answer 200 to a retry whether or not its first attempt was stored: the same bytes are the same push.");
  }
  return held(told(survival));
}

// The witness may need a moment longer than the consumer's own port.
WitnessReading ask_about(Probe& probe, const std::vector<std::string>& bodies) {
  const auto told_of_all = [&](const WitnessReading& reading) {
    return std::ranges::all_of(bodies, [&](const std::string& body) { return reading.find(body) != nullptr; });
  };
  auto reading = probe.ask_witness(told_of_all, processed_within);
  for (delivery::Duration waited{}; !reading.problem.empty() && waited < processed_within; waited += look_again_after) {
    probe.wait(look_again_after);
    reading = probe.ask_witness(told_of_all, processed_within);
  }
  return reading;
}

Finding loses_nothing(const Case&, Probe& probe) {
  const auto survival = survive(probe, rounds_of_loss);
  if (auto finding = why_not_there(survival)) return *std::move(finding);
  const auto reading = ask_about(probe, survival.answered);
  if (!reading.problem.empty()) return unreadable(reading);
  const auto missing = std::ranges::count_if(survival.answered, [&](const std::string& body) {
    const auto* const line = reading.find(body);
    return line == nullptr || line->result != WitnessLine::Result::processed || line->times == 0;
  });
  if (missing == 0) return held(fmt::format("{}, and each is told of as processed", told(survival)));
  return broken(
      fmt::format("{}; {} of these are not told of as processed", told(survival), missing),
      "The answer left before the payload was safe, or what was being handled at the kill was not taken up.",
      "Answer after the payload is on disk (fsync), and take up again what was not finished: no retry follows "
      "a 200 (R3).");
}

Case under_crash(std::string id, std::string title, std::string requirement, std::string expected, std::string rests_on,
                 Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = id.substr(0, id.find('-'));
  result.id = std::move(id);
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::should;
  result.stage = Stage::crash;
  result.needs.level = Level::crash;
  result.about_ms = 6000;
  result.rests_on = std::move(rests_on);
  result.expected = {std::move(expected)};
  result.no_vector = "it is about a consumer that is killed";
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> crash_cases() {
  std::vector<Case> cases{
      under_crash(comes_back, "a consumer that was killed comes back and answers the retries",
                  "A push that a crash has hit is sent again after 1 minute, 1 hour and 6 hours, and then no more.",
                  "listening within 30 s of each start; status 200 to each push, in one of its 4 attempts", base_case,
                  answers_after_crash),
      under_crash("R3-crash-loses-nothing", "nothing that got 200 is lost by a crash",
                  "No retry follows a 200: what the consumer has answered must outlive its process.",
                  "result `processed`, at least once, for each push that got 200", comes_back, loses_nothing),
  };
  cases.back().needs.witness = true;
  return cases;
}

}  // namespace mock::conformance
