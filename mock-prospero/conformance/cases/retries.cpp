// Copies, and any order: a retry brings the same bytes (R5), and it may come after a newer update (D8).
#include <fmt/format.h>

#include <functional>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"
#include "world/sample.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t copies_at_once = 5;

Finding explained(Finding finding, std::string_view cause, std::string_view fix) {
  if (finding.kind == Finding::Kind::broken && !finding.from_time) {
    finding.cause = cause;
    finding.fix = fix;
  }
  return finding;
}

Finding copies_explained(const std::vector<Answer>& answers) {
  return explained(expect_successes(answers),
                   "A copy is taken for an error, for instance by a unique key that it violates.",
                   "Answer 200 to a body that is already there: its first answer may have been lost on the way.");
}

Finding copy(const Case&, Probe& probe) {
  const auto body = probe.bodies().ordinary(probe.any_event());
  std::vector<Answer> answers;
  for (int i = 0; i < 3; ++i) {
    answers.push_back(probe.send(body));
  }
  return copies_explained(answers);
}

Finding copies_together(const Case&, Probe& probe) {
  const auto body = probe.bodies().ordinary(probe.any_event());
  return copies_explained(probe.send_together(std::vector<std::string>(copies_at_once, body)));
}

// The pushes of one entity's life, in an order that the network made.
using Story = std::function<std::vector<std::string>(Bodies& bodies, const std::string& family)>;

Finding told(Probe& probe, const std::vector<std::string>& actions, const Story& story) {
  const auto family = probe.family_with(actions);
  if (family.empty()) {
    return not_applicable(fmt::format("--events names no family with {}", fmt::join(actions, ", ")));
  }
  std::vector<Answer> answers;
  for (const auto& body : story(probe.bodies(), family)) {
    answers.push_back(probe.send(body));
  }
  return explained(expect_successes(answers),
                   "The handler expects an order, for instance a row that must or must not be there.",
                   "Answer 200 first; where an order matters, compare lastUpdatedAt, or re-read the entity.");
}

Finding update_before_create(const Case&, Probe& probe) {
  return told(probe, {"created", "updated"}, [](Bodies& bodies, const std::string& family) -> std::vector<std::string> {
    const auto created = bodies.entity(family + ".created");
    const auto updated = bodies.later(created);
    return {world::make_body(family + ".updated", updated), world::make_body(family + ".created", created)};
  });
}

Finding delete_before_update(const Case&, Probe& probe) {
  return told(probe, {"deleted", "updated"}, [](Bodies& bodies, const std::string& family) -> std::vector<std::string> {
    const auto updated = bodies.entity(family + ".updated");
    const auto deleted = bodies.later(updated);
    return {world::make_body(family + ".deleted", deleted), world::make_body(family + ".updated", updated)};
  });
}

Finding retry_after_newer(const Case&, Probe& probe) {
  return told(probe, {"updated"}, [](Bodies& bodies, const std::string& family) -> std::vector<std::string> {
    const auto first = bodies.entity(family + ".updated");
    const auto newer = bodies.later(first);
    const auto name = family + ".updated";
    return {world::make_body(name, first), world::make_body(name, newer), world::make_body(name, first)};
  });
}

Finding restore(const Case&, Probe& probe) {
  return told(probe, {"created", "deleted"}, [](Bodies& bodies, const std::string& family) -> std::vector<std::string> {
    const auto first = bodies.entity(family + ".created");
    const auto gone = bodies.later(first);
    const auto back = bodies.later(gone);
    return {world::make_body(family + ".created", first), world::make_body(family + ".deleted", gone),
            world::make_body(family + ".created", back)};
  });
}

Case in_any_order(std::string id, std::string title, std::string requirement, std::string expected,
                  Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = id.substr(0, id.find('-'));
  result.id = std::move(id);
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::should;
  result.stage = Stage::content;
  result.rests_on = base_case;
  result.expected = {std::move(expected)};
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> retry_cases() {
  const auto to_each = std::string(success_in_time) + ", to each push";
  std::vector<Case> cases{
      in_any_order(
          "R5-copy", "a copy of a push is answered with 200",
          "A retry sends the same bytes; it comes although the first attempt was taken, if that answer was lost.",
          to_each, copy),
      in_any_order("R5-copies-at-once", "copies that arrive together are answered with 200",
                   "Two attempts of one delivery may overlap in the consumer.", to_each, copies_together),
      in_any_order("D8-update-before-create", "an update that comes before the creation is answered with 200",
                   "Deliveries are independent and arrive in any order.", to_each, update_before_create),
      in_any_order("D8-delete-before-update", "an update that comes after the deletion is answered with 200",
                   "Deliveries are independent and arrive in any order.", to_each, delete_before_update),
      in_any_order("D8-retry-after-newer", "a retry that comes after a newer update is answered with 200",
                   "A retry may arrive hours later, after a newer update of the same entity.", to_each,
                   retry_after_newer),
      in_any_order("T6-restore", "an id that comes back after its deletion is answered with 200",
                   "A restored entity is created again under its old id, with a later lastUpdatedAt.", to_each,
                   restore),
  };
  cases[1].no_vector = "it is about copies at the same moment; R5-copy has the same bytes one by one";
  return cases;
}

}  // namespace mock::conformance
