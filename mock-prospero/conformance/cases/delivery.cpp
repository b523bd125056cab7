// Section D: how a push is answered.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

using delivery::Outcome;

constexpr std::size_t pushes_alone = 3;
constexpr std::size_t pushes_in_burst = 20;
constexpr std::size_t large_body_bytes = 150 * 1024;
constexpr delivery::Duration comfortable = std::chrono::milliseconds(2500);

const std::string success_in_time = "status 200, complete in less than 5 s";

// A 4xx tells the sender that its request was wrong, and this is the only request that Prospero makes; 429 alone speaks
// of load. A late answer is for D4 to judge.
bool turned_away(const Answer& answer) {
  switch (answer.outcome) {
    case Outcome::ok:
      return false;
    case Outcome::bad_status:
      return answer.status && *answer.status / 100 == 4 && *answer.status != 429;
    case Outcome::timeout:
      return !answer.connected;
    case Outcome::unreachable:
    case Outcome::not_http:
    case Outcome::tls_error:
    case Outcome::refused_address:
    case Outcome::interrupted:
      return true;
  }
  return true;
}

Finding post_taken(const Case&, Probe& probe) {
  const auto answer = probe.send(probe.bodies().ordinary(probe.any_event()));
  if (turned_away(answer)) {
    return broken_by(answer, describe(answer));
  }
  return held(describe(answer));
}

Finding alone_in_time(const Case&, Probe& probe) {
  Answer slowest;
  for (std::size_t i = 0; i < pushes_alone; ++i) {
    auto answer = probe.send(probe.bodies().ordinary(probe.any_event()));
    if (!complete_in_time(answer)) {
      return broken_by(answer, fmt::format("push {} of {}: {}", i + 1, pushes_alone, describe(answer)));
    }
    if (i == 0 || answer.took > slowest.took) {
      slowest = std::move(answer);
    }
  }
  return held(fmt::format("{} pushes, the slowest: {}", pushes_alone, describe(slowest)));
}

Finding ordinary_push(const Case&, Probe& probe) {
  return expect_success(probe.send(probe.bodies().ordinary(probe.any_event())));
}

Finding unicode(const Case&, Probe& probe) {
  const auto& event = probe.any_event();
  const std::vector<Answer> answers{probe.send(probe.bodies().unicode(event)),
                                    probe.send(probe.bodies().unicode_escaped(event))};
  return expect_successes(answers);
}

Finding data_first(const Case&, Probe& probe) {
  return expect_success(probe.send(probe.bodies().data_first(probe.any_event())));
}

Finding large_body(const Case&, Probe& probe) {
  return expect_success(probe.send(probe.bodies().large(probe.any_event(), large_body_bytes)));
}

Finding burst_in_time(const Case&, Probe& probe) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < pushes_in_burst; ++i) {
    bodies.push_back(probe.bodies().ordinary(probe.any_event()));
  }
  return expect_successes(probe.send_together(std::move(bodies)));
}

Finding margin(const Case&, Probe& probe) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < pushes_alone; ++i) {
    answers.push_back(probe.send(probe.bodies().ordinary(probe.any_event())));
  }
  auto finding = expect_successes(answers);
  const auto slowest = std::ranges::max_element(answers, {}, &Answer::took);
  if (finding.kind == Finding::Kind::held && slowest->took >= comfortable) {
    finding.kind = Finding::Kind::broken;
    finding.cause = "The answer waits for work that could be done after it.";
    finding.fix = "Store the payload, answer 200, and process it afterwards: little is left for a bad moment.";
    finding.from_time = true;
  }
  return finding;
}

const std::string base = "D3-exactly-200";

std::vector<Case> basic_cases() {
  return {
      {.id = "D1-post-taken",
       .clause = "D1",
       .title = "the endpoint takes a push",
       .requirement = "A push, one POST of a JSON object, is not turned away: connection, TLS and HTTP work, and the "
                      "answer is not one that calls the request wrong.",
       .expected = {"an HTTP response other than 4xx (429 apart)", "no response within 5 s (left to D4-in-time)"},
       .run = post_taken},
      {.id = "D4-in-time",
       .clause = "D4",
       .title = "a push alone is answered within 5 s",
       .requirement = "The complete response to a push arrives in less than 5 s, counted from before the name look-up.",
       .rests_on = "D1-post-taken",
       .expected = {"a complete response, whatever its status, in less than 5 s, to each of 3 pushes one by one"},
       .run = alone_in_time},
      {.id = base,
       .clause = "D3",
       .title = "a push is answered with 200",
       .requirement = "The status is 200: any other one, also 201, 202, 204 and every redirect, is a failed attempt.",
       .rests_on = "D4-in-time",
       .expected = {success_in_time},
       .run = ordinary_push},
  };
}

std::vector<Case> further_cases() {
  return {
      {.id = "D1-unicode",
       .clause = "D1",
       .title = "text beyond ASCII is taken",
       .requirement = "A body with any Unicode text, as UTF-8 or as \\u escapes, is JSON like any other.",
       .stage = Stage::content,
       .rests_on = base,
       .expected = {success_in_time + ", to both spellings"},
       .run = unicode},
      {.id = "D1-member-order",
       .clause = "D1",
       .title = "`data` may come before `event`",
       .requirement = "A JSON object has no order: the consumer finds `event` and `data` wherever they stand.",
       .strength = Strength::should,
       .stage = Stage::content,
       .rests_on = base,
       .expected = {success_in_time},
       .run = data_first},
      {.id = "D1-large-body",
       .clause = "D1",
       .title = "a body of 150 KiB is taken",
       .requirement = "No size is promised: an entity with long text is answered like any other.",
       .strength = Strength::should,
       .stage = Stage::content,
       .rests_on = base,
       .expected = {success_in_time},
       .run = large_body},
      {.id = "D4-margin",
       .clause = "D4",
       .title = "the answer leaves room to the limit",
       .requirement = "An answer that takes 2.5 s or more on a quiet day misses the 5 s on a busy one.",
       .strength = Strength::advice,
       .stage = Stage::content,
       .rests_on = base,
       .expected = {"status 200 in less than 2.5 s, to each of 3 pushes one by one"},
       .run = margin},
      {.id = "D4-burst",
       .clause = "D4",
       .title = "20 pushes at once are each answered within 5 s",
       .requirement = "A bulk change sends one push for each entity, all at once (D9); the 5 s hold for each of them.",
       .stage = Stage::load,
       .rests_on = base,
       .expected = {success_in_time + ", to each of 20 pushes at once"},
       .run = burst_in_time},
  };
}

}  // namespace

std::vector<Case> delivery_cases() {
  auto cases = basic_cases();
  auto further = further_cases();
  std::ranges::move(further, std::back_inserter(cases));
  return cases;
}

}  // namespace mock::conformance
