// Section E: the nine webhook events, and those that do not exist yet.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"
#include "contract/values.hpp"

namespace mock::conformance {
namespace {

// One new kind of change to an entity that is known, one entity that is new.
constexpr std::array<std::string_view, 2> unknown_names{"event.rescheduled", "rehearsal.created"};

// A consumer that answers first and works afterwards dies of a name only then, and its supervisor may start it again.
constexpr delivery::Duration watched_for = std::chrono::milliseconds(1500);
constexpr delivery::Duration look_every = std::chrono::milliseconds(50);

Finding push_of_its_event(const Case& self, Probe& probe) {
  return expect_success(probe.send(probe.bodies().ordinary(self.event)));
}

std::vector<Answer> push_unknown_names(Probe& probe) {
  std::vector<Answer> answers;
  for (const auto name : unknown_names) {
    answers.push_back(probe.send(probe.bodies().ordinary(name)));
  }
  return answers;
}

Finding unknown_gets_200(const Case&, Probe& probe) {
  auto finding = expect_successes(push_unknown_names(probe));
  if (finding.kind == Finding::Kind::broken) {
    finding.cause =
        "A webhook event that the consumer does not know is treated as an error. Prospero keeps adding "
        "some, and sends each refused one four times in all.";
    finding.fix = "Hand unknown names to a fallback, keep their payload, and answer 200.";
  }
  return finding;
}

// One push after the other, every `look_every` for `watched_for`: so many to every consumer that keeps up. To a slow
// one at least each known webhook event once.
std::vector<Answer> push_known_names(Probe& probe) {
  const auto& loop = probe.access().loop;
  const auto& events = probe.events();
  const auto begin = loop.now();
  std::vector<Answer> answers;
  for (auto due = begin + look_every; due <= begin + watched_for || answers.size() < events.size(); due += look_every) {
    if (answers.size() >= events.size() && loop.now() > begin + 2 * watched_for) break;
    answers.push_back(probe.send(probe.bodies().ordinary(events[answers.size() % events.size()])));
    if (due > loop.now()) probe.wait(due - loop.now());
  }
  return answers;
}

Finding known_after_unknown(const Case&, Probe& probe) {
  push_unknown_names(probe);
  auto finding = expect_successes(push_known_names(probe));
  if (finding.kind == Finding::Kind::broken) {
    finding.cause =
        "An unknown webhook event left the consumer unable to answer, at once or when it worked on it after its "
        "answer: it died, hangs, or keeps an error.";
    finding.fix = "Hand unknown names to a fallback that cannot fail, and answer 200.";
  }
  return finding;
}

// The contract numbers its webhook events E1 to E9 in the order of the array.
Case case_of(std::size_t index) {
  const auto name = contract::webhook_events.at(index);
  Case result;
  result.clause = fmt::format("E{}", index + 1);
  result.id = fmt::format("{}-{}", result.clause, name);
  for (auto& c : result.id) {
    c = c == '.' ? '-' : c;
  }
  result.title = fmt::format("{} is answered with 200", name);
  result.requirement = fmt::format("A push of {} is taken like every other: status 200, in time.", name);
  result.stage = Stage::content;
  result.rests_on = base_case;
  result.event = name;
  result.expected = {success_in_time};
  result.run = push_of_its_event;
  return result;
}

}  // namespace

std::vector<Case> webhook_event_cases() {
  std::vector<Case> cases;
  for (std::size_t i = 0; i < contract::webhook_events.size(); ++i) {
    cases.push_back(case_of(i));
  }
  // The stronger one comes first: of a consumer that dies for good of an unknown name nothing later is judged.
  cases.push_back({.id = "E10-known-after-unknown",
                   .clause = "E10",
                   .title = "known pushes are still answered after unknown ones",
                   .requirement = "The consumer survives names that it does not know: pushes that follow are answered "
                                  "with 200, in time.",
                   .stage = Stage::unknown_names,
                   .about_ms = 1600,
                   .rests_on = base_case,
                   .expected = {std::string(success_in_time) +
                                ", to every known push in the 1.5 s after 2 unknown ones, whatever those got"},
                   .free_answers = unknown_names.size(),
                   .run = known_after_unknown});
  cases.push_back({.id = "E10-unknown-gets-200",
                   .clause = "E10",
                   .title = "an unknown webhook event is answered with 200",
                   .requirement = "Prospero keeps adding webhook events: one that the consumer does not know is kept "
                                  "and answered with 200.",
                   .strength = Strength::should,
                   .stage = Stage::unknown_names,
                   .rests_on = base_case,
                   .expected = {std::string(success_in_time) + ", to each of 2 unknown names"},
                   .run = unknown_gets_200});
  return cases;
}

}  // namespace mock::conformance
