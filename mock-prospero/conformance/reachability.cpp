#include "conformance/reachability.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

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

// Empty while the command of --exec runs, and without one.
std::string end_of_command(const Access& access) {
  const auto how = access.process != nullptr ? access.process->ended() : std::nullopt;
  return how ? fmt::format("the command of --exec has ended ({}); its own words are above", *how) : "";
}

}  // namespace

std::optional<Unreached> reach(const Plan& plan, const Access& access) {
  Probe probe(plan.target, access, Bodies(plan.seed, "reach", plan.material));
  auto answer = probe.send_ordinary();
  const auto deadline = access.loop.now() + listens_within;
  while (!answer.connected && access.process != nullptr && end_of_command(access).empty() &&
         access.loop.now() < deadline) {
    probe.wait(look_again_after);
    answer = probe.send_ordinary();
  }
  if (answer.connected) return std::nullopt;
  if (const auto ended = end_of_command(access); !ended.empty()) return Unreached{false, ended};
  return Unreached{answer.outcome == Outcome::refused_address, printable(describe(answer))};
}

std::optional<Gone> ended_by_itself(const Access& access) {
  auto ended = end_of_command(access);
  return ended.empty() ? std::nullopt : std::optional(Gone{{}, std::move(ended)});
}

std::optional<Gone> stays_away(const Plan& plan, const Access& access) {
  Probe probe(plan.target, access, Bodies(plan.seed, "reach", plan.material));
  const auto deadline = access.loop.now() + back_within;
  while (true) {
    const auto answer = probe.send_ordinary();
    if (!found_nobody(answer)) return std::nullopt;
    if (auto gone = ended_by_itself(access)) return gone;
    if (access.loop.now() >= deadline) return Gone{{}, printable(describe(answer)), found_no_name(answer)};
    probe.wait(look_for_it_every);
  }
}

}  // namespace mock::conformance
