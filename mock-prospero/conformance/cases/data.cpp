// Section T: what an entity may hold. Its fields beyond the header are not documented: any JSON may come.
#include <fmt/format.h>

#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

constexpr int nested_levels = 30;

Finding field_taken(Probe& probe, std::string_view name, const std::vector<std::string>& values) {
  std::vector<Answer> answers;
  for (const auto& value : values) {
    answers.push_back(probe.send(probe.bodies().with_field(probe.any_event(), name, value)));
  }
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken && !finding.from_time) {
    finding.cause = "A schema that knows every field refuses what it does not know, or the parser cannot read it.";
    finding.fix = "Read the fields that you use and ignore the others; answer before you look at them.";
  }
  return finding;
}

Finding lone_dates(const Case&, Probe& probe) {
  return field_taken(probe, "sampleDay", {R"("2028-02-29")", R"("19:30:00")", R"("2026-12-31T23:59:59Z")"});
}

Finding unknown_fields(const Case&, Probe& probe) {
  return field_taken(probe, "fieldOfNextYear", {R"("text")", "true", "17", "-0.5"});
}

Finding nested_fields(const Case&, Probe& probe) {
  const auto deep = std::string(nested_levels, '[') + std::string(nested_levels, ']');
  return field_taken(probe, "sampleNested", {"null", R"("")", "{}", "[]", R"({"a":[{"b":null},{}],"":""})", deep});
}

Finding long_numbers(const Case&, Probe& probe) {
  return field_taken(
      probe, "sampleNumber",
      {"9007199254740993", "123456789012345678901234567890", "0.1000000000000000055511151231257827", "1e308", "-1E-7"});
}

Finding lone_surrogate(const Case&, Probe& probe) {
  return field_taken(probe, "sampleText", {R"("\ud83c")", R"("\udfad and more")"});
}

Finding without_times(const Case&, Probe& probe) {
  auto finding = expect_success(probe.send(probe.bodies().without_times(probe.any_event())));
  if (finding.kind == Finding::Kind::broken && !finding.from_time) {
    finding.cause = "createdAt, lastUpdatedAt or orgId is taken for granted.";
    finding.fix = "Treat each of them as optional: they are documented for Projects only.";
  }
  return finding;
}

Finding id_only(const Case&, Probe& probe) {
  const auto family = probe.family_with({"deleted"});
  if (family.empty()) {
    return not_applicable("--events names no deletion");
  }
  auto finding = expect_success(probe.send(probe.bodies().id_only(family + ".deleted")));
  if (finding.kind == Finding::Kind::broken && !finding.from_time) {
    finding.cause = "Fields of an entity that is gone are taken for granted.";
    finding.fix = "Use the id alone of a deleted entity.";
  }
  return finding;
}

Case about_data(std::string id, std::string title, std::string requirement, Strength strength,
                Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = id.substr(0, id.find('-'));
  result.id = std::move(id);
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = strength;
  result.stage = Stage::content;
  result.rests_on = base_case;
  result.expected = {fmt::format("{}, to each push", success_in_time)};
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> data_cases() {
  return {
      about_data("T2-lone-dates", "lone dates and times are taken",
                 "Date-times are UTC ISO 8601; some fields hold a date or a time alone.", Strength::should, lone_dates),
      about_data("T3-no-times", "an entity without createdAt, lastUpdatedAt and orgId is taken",
                 "The three are documented for Projects; elsewhere each is optional.", Strength::should, without_times),
      about_data("T4-unknown-fields", "fields that the consumer does not know are taken",
                 "The fields of Event, Invoice and Offer are not documented, and new ones come.", Strength::should,
                 unknown_fields),
      about_data("T4-nested-fields", "nested, empty and null fields are taken",
                 "A field may hold any JSON: null, an empty text, an empty object, an array of arrays.",
                 Strength::should, nested_fields),
      about_data("T4-long-numbers", "numbers of any length are taken",
                 "JSON does not limit a number; a consumer that cannot hold one keeps the text.", Strength::advice,
                 long_numbers),
      about_data("T4-lone-surrogate", "an escape of half a character is taken",
                 "JSON's grammar allows a lone surrogate escape; some senders write one when they cut a text.",
                 Strength::advice, lone_surrogate),
      about_data("T7-id-only", "a deletion with nothing but the id is taken",
                 "A deleted entity comes as last known; only the id may be relied on.", Strength::should, id_only),
  };
}

}  // namespace mock::conformance
