// Level witness: what became of the pushes that got 200, as the consumer itself tells. Only what nobody could object to
// is asked for: bytes that are the same, times that are strictly earlier.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"
#include "world/sample.hpp"

namespace mock::conformance {
namespace {

using Result = WitnessLine::Result;
using Freshness = WitnessLine::Freshness;

constexpr delivery::Duration processed_within = std::chrono::seconds(30);
constexpr delivery::Duration second_effect_within = std::chrono::milliseconds(500);
constexpr std::size_t copies_at_once = 5;
constexpr std::size_t pushes_in_bulk = 100;
const char* const first_of_level = "R3-answered-is-processed";
const char* const in_time = "result `processed` for each within 30 s";

// Sends all of them, and leaves those that got 200: nothing is known of the others.
std::vector<std::string> taken(Probe& probe, std::vector<std::string> bodies) {
  const auto answers = probe.send_together(bodies);
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (is_success(answers[i])) kept.push_back(std::move(bodies[i]));
  }
  return kept;
}

bool tells_of_all(const WitnessReading& reading, const std::vector<std::string>& bodies) {
  return std::ranges::all_of(bodies, [&](const std::string& body) { return reading.find(body) != nullptr; });
}

WitnessReading ask_about(Probe& probe, const std::vector<std::string>& bodies) {
  return probe.ask_witness([&](const WitnessReading& reading) { return tells_of_all(reading, bodies); },
                           processed_within);
}

Finding not_taken() {
  return not_applicable("the push did not get 200, so nothing was promised about it");
}

std::string told(const WitnessReading& reading, std::string_view body) {
  const auto* const line = reading.find(body);
  return line == nullptr ? "nothing" : describe(*line);
}

// Holds if the witness gives `wanted` for each body; the first one that is different explains the finding.
Finding all_are(Result wanted, const WitnessReading& reading, const std::vector<std::string>& bodies) {
  const auto is_right = [&](const std::string& body) {
    const auto* const line = reading.find(body);
    return line != nullptr && line->result == wanted && (wanted != Result::processed || line->times > 0);
  };
  const auto wrong = std::ranges::find_if_not(bodies, is_right);
  if (wrong == bodies.end()) {
    return held(fmt::format("{} pushes got 200, the witness tells of each: {}", bodies.size(), to_text(wanted)));
  }
  const auto right = std::ranges::count_if(bodies, is_right);
  return broken(fmt::format("{} of {} pushes that got 200 are told of as {}; of the first other one it tells {}", right,
                            bodies.size(), to_text(wanted), told(reading, *wrong)),
                "The push was answered before it was safe, was dropped afterwards, or its handling failed for good.",
                "Store the payload before the answer, and handle it until that succeeds: no retry follows a 200 (R3).");
}

Finding each_becomes(Result wanted, Probe& probe, std::vector<std::string> bodies) {
  const auto kept = taken(probe, std::move(bodies));
  if (kept.empty()) return not_taken();
  const auto reading = ask_about(probe, kept);
  return reading.problem.empty() ? all_are(wanted, reading, kept) : unreadable(reading);
}

Finding answered_is_processed(const Case&, Probe& probe) {
  std::vector<std::string> bodies;
  for (const auto& event : probe.events()) bodies.push_back(probe.bodies().ordinary(event));
  return each_becomes(Result::processed, probe, std::move(bodies));
}

Finding bulk_is_processed(const Case&, Probe& probe) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < pushes_in_bulk; ++i) bodies.push_back(probe.bodies().ordinary(probe.any_event()));
  return each_becomes(Result::processed, probe, std::move(bodies));
}

Finding unknown_is_processed(const Case&, Probe& probe) {
  auto finding = each_becomes(Result::processed, probe, {probe.bodies().ordinary("rehearsal.moved")});
  if (finding.kind == Finding::Kind::broken) {
    finding.cause = "The name is not known, and there is no fallback that keeps the payload.";
    finding.fix = "Hand unknown names to a fallback that keeps the payload.";
  }
  return finding;
}

Finding malformed_is_listed(const Case&, Probe& probe) {
  auto body = probe.bodies().ordinary(probe.any_event());
  body.pop_back();
  auto finding = each_becomes(Result::quarantined, probe, {std::move(body)});
  if (finding.kind == Finding::Kind::broken) {
    finding.cause = "The body was thrown away, or counts as handled.";
    finding.fix = "Keep aside what cannot be read, and list it: somebody has to look at it.";
  }
  return finding;
}

// Copies that the consumer took, by then handled; another effect would follow soon.
Finding acts_once(Probe& probe, const std::string& body, const std::vector<Answer>& answers) {
  if (std::ranges::none_of(answers, is_success)) return not_taken();
  auto reading = ask_about(probe, {body});
  if (reading.problem.empty()) {
    probe.wait(second_effect_within);
    reading = ask_about(probe, {body});
  }
  if (!reading.problem.empty()) return unreadable(reading);
  const auto* const line = reading.find(body);
  const auto actual = fmt::format("{} copies were sent; the witness tells {}", answers.size(), told(reading, body));
  if (line != nullptr && line->result == Result::processed && line->times == 1) return held(actual);
  return broken(actual, "Each copy is handled as if it were a push of its own.",
                "Remember the SHA-256 of each body for at least 7 h 1 min, under a unique key, and handle it once.");
}

Finding copy_acts_once(const Case&, Probe& probe) {
  const auto body = probe.bodies().ordinary(probe.any_event());
  std::vector<Answer> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(probe.send(body));
  return acts_once(probe, body, answers);
}

Finding copies_at_once_act_once(const Case&, Probe& probe) {
  const auto body = probe.bodies().ordinary(probe.any_event());
  return acts_once(probe, body, probe.send_together(std::vector<std::string>(copies_at_once, body)));
}

// A push and one that is older but comes after it, which the first has overtaken.
struct Overtaken {
  std::string newer, older;
};
// The newer push is the first of its entity, so it is fresh (H1), and what is fresh is handled. The older one was
// created, or last updated, before it (H3, H4, H8): it may be spared, and an uncertain consumer may re-read the entity.
Finding both_are_right(const std::string& newer, const std::string& older, const WitnessReading& reading) {
  const auto* const first = reading.find(newer);
  const auto* const second = reading.find(older);
  const auto untold = [](const WitnessLine* line) { return line != nullptr && line->freshness == Freshness::untold; };
  if (untold(first) || untold(second)) return not_applicable("the witness does not tell the freshness of pushes");
  const auto actual = fmt::format("the witness tells of the newer push {}, of the older one, which came later, {}",
                                  told(reading, newer), told(reading, older));
  const auto is = [](const WitnessLine* line, Freshness freshness) {
    return line != nullptr && line->result == Result::processed && line->freshness == freshness;
  };
  if (!is(first, Freshness::fresh) || first->times == 0) {
    return broken(actual, "The newer push is not taken for the news that it is: its state may never come into use.",
                  "A push of an entity of which nothing was handled is `fresh`, and is handled.");
  }
  if (is(second, Freshness::stale) || (is(second, Freshness::ambiguous) && second->times > 0)) return held(actual);
  return broken(actual, "Whatever comes last is taken for the latest state.",
                "Compare lastUpdatedAt with that of what was handled (section H), or re-read the entity.");
}

using Overtaking = std::function<Overtaken(Bodies& bodies, const std::string& family)>;

Finding older_is_not_fresh(Probe& probe, const std::vector<std::string>& actions, const Overtaking& make) {
  const auto family = probe.family_with(actions);
  if (family.empty()) return not_applicable(fmt::format("--events names no family with {}", fmt::join(actions, ", ")));
  const auto [newer, older] = make(probe.bodies(), family);
  if (!is_success(probe.send(newer))) return not_taken();
  const auto before = ask_about(probe, {newer});
  if (!before.problem.empty()) return unreadable(before);
  if (!is_success(probe.send(older))) return not_taken();
  const auto reading = ask_about(probe, {older});
  return reading.problem.empty() ? both_are_right(newer, older, reading) : unreadable(reading);
}

// H needs a time: without lastUpdatedAt nobody could object to taking the older one.
bool has_time(const boost::json::object& entity) {
  return entity.contains("lastUpdatedAt");
}

Finding overtaken(Probe& probe, const std::string& first_action, const std::string& later_action) {
  const auto family = probe.family_with({first_action, later_action});
  if (!family.empty() && !has_time(probe.bodies().entity(family + "." + later_action))) {
    return not_applicable("the entities of --fixtures have no lastUpdatedAt");
  }
  return older_is_not_fresh(probe, {first_action, later_action}, [&](Bodies& bodies, const std::string& name) {
    const auto older = bodies.entity(name + "." + first_action);
    const auto newer = bodies.later(older);
    return Overtaken{world::make_body(name + "." + later_action, newer),
                     world::make_body(name + "." + first_action, older)};
  });
}

Finding late_creation(const Case&, Probe& probe) {
  return overtaken(probe, "created", "updated");
}

Finding update_after_deletion(const Case&, Probe& probe) {
  return overtaken(probe, "updated", "deleted");
}

Finding older_update(const Case&, Probe& probe) {
  return overtaken(probe, "updated", "updated");
}

Case by_witness(std::string id, std::string title, std::string requirement, std::string expected,
                Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = id.substr(0, id.find('-'));
  result.id = std::move(id);
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::should;
  result.stage = Stage::witness;
  result.needs.level = Level::witness;
  result.needs.witness = true;
  result.rests_on = first_of_level;
  result.expected = {std::move(expected)};
  result.no_vector = "it is about what becomes of a push after its answer";
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> witness_cases() {
  const auto once = "result `processed`, 1 time";
  const auto not_fresh =
      "the newer push: `processed`, at least once, `fresh`; the older one: `processed`, `stale`, or `ambiguous` at "
      "least "
      "once";
  const auto overtaking = "What is older must not overwrite what is newer, however late it comes (D8).";
  std::vector<Case> cases{
      by_witness(first_of_level, "what got 200 is processed",
                 "No retry follows a 200: the consumer has taken over, and does its work.", in_time,
                 answered_is_processed),
      by_witness("D9-bulk-is-processed", "100 pushes that came at once are processed",
                 "A bulk change of 100 entities sends 100 pushes, all at once; none that got 200 is forgotten.",
                 in_time, bulk_is_processed),
      by_witness(
          "R5-copy-acts-once", "copies of a push take effect once",
          "A retry sends the same bytes; it comes although the first attempt was taken, if that answer was lost.", once,
          copy_acts_once),
      by_witness("R5-copies-at-once-act-once", "copies that arrive together take effect once",
                 "Two attempts of one delivery may overlap in the consumer.", once, copies_at_once_act_once),
      by_witness("H3-late-creation", "a creation that comes after a newer update does not win", overtaking, not_fresh,
                 late_creation),
      by_witness("H4-update-after-deletion", "an update that comes after a newer deletion does not win", overtaking,
                 not_fresh, update_after_deletion),
      by_witness("H8-older-update", "an update that comes after a newer one does not win", overtaking, not_fresh,
                 older_update),
      by_witness("E10-unknown-is-processed", "an unknown webhook event that got 200 is kept",
                 "Prospero keeps adding webhook events: an unknown one is an ordinary push, handed to a fallback.",
                 in_time, unknown_is_processed),
      by_witness("D1-malformed-is-listed", "a body that is no push and got 200 is kept aside",
                 "What can never be processed is kept where somebody sees it.", "result `quarantined` within 30 s",
                 malformed_is_listed),
  };
  cases[0].rests_on = base_case;
  cases[1].needs.disruptive = true;
  cases.back().strength = Strength::advice;
  for (auto& each : cases) each.about_ms = 700;
  return cases;
}

}  // namespace mock::conformance
