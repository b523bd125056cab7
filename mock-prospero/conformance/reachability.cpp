#include "conformance/reachability.hpp"

#include <chrono>

#include "conformance/bodies.hpp"
#include "conformance/judge.hpp"
#include "conformance/printable.hpp"

namespace mock::conformance {
namespace {

using delivery::Outcome;

// A consumer that was just started may not listen yet.
constexpr delivery::Duration listens_within = std::chrono::seconds(30);
constexpr delivery::Duration look_again_after = std::chrono::milliseconds(100);
constexpr delivery::Duration look_for_it_every = std::chrono::milliseconds(500);

bool has_ended(const Access& access) {
  return access.process != nullptr && !access.process->running();
}

constexpr const char* ended = "the command of --exec has ended; its own words are above";

}  // namespace

std::optional<Unreached> reach(const Plan& plan, const Access& access) {
  Probe probe(plan.target, access, Bodies(plan.seed, "reach", plan.material));
  auto answer = probe.send_ordinary();
  const auto deadline = access.loop.now() + listens_within;
  while (!answer.connected && access.process != nullptr && !has_ended(access) && access.loop.now() < deadline) {
    probe.wait(look_again_after);
    answer = probe.send_ordinary();
  }
  if (answer.connected) return std::nullopt;
  if (has_ended(access)) return Unreached{false, ended};
  return Unreached{answer.outcome == Outcome::refused_address, printable(describe(answer))};
}

std::optional<Gone> stays_away(const Plan& plan, const Access& access) {
  Probe probe(plan.target, access, Bodies(plan.seed, "reach", plan.material));
  const auto deadline = access.loop.now() + back_within;
  while (true) {
    const auto answer = probe.send_ordinary();
    if (!found_nobody(answer)) return std::nullopt;
    if (has_ended(access)) return Gone{{}, ended};
    if (access.loop.now() >= deadline) return Gone{{}, printable(describe(answer)), found_no_name(answer)};
    probe.wait(look_for_it_every);
  }
}

}  // namespace mock::conformance
