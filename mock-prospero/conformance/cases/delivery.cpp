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
constexpr std::size_t pushes_in_bulk = 100;
constexpr std::size_t pushes_sustained = 1000;
constexpr delivery::Duration sustained_every = std::chrono::milliseconds(10);
constexpr std::size_t large_body_bytes = 150 * 1024;
constexpr std::size_t largest_body_bytes = 255 * 1024;  // with the rest of the body just under 256 KiB
const char* const about_time = "it is about how long answers take";
constexpr delivery::Duration comfortable = std::chrono::milliseconds(2500);

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
  const auto answer = probe.send_ordinary();
  if (turned_away(answer)) {
    return broken_by(answer, describe(answer));
  }
  return held(describe(answer));
}

Finding alone_in_time(const Case&, Probe& probe) {
  Answer slowest;
  for (std::size_t i = 0; i < pushes_alone; ++i) {
    auto answer = probe.send_ordinary();
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
  return expect_success(probe.send_ordinary());
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

Finding largest_body(const Case&, Probe& probe) {
  return expect_success(probe.send(probe.bodies().large(probe.any_event(), largest_body_bytes)));
}

std::vector<std::string> ordinary_bodies(Probe& probe, std::size_t count) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < count; ++i) {
    bodies.push_back(probe.bodies().ordinary(probe.any_event()));
  }
  return bodies;
}

// How far the answers were from the limit, where all got 200.
Finding with_spread(Finding finding, std::span<const Answer> answers) {
  if (finding.kind == Finding::Kind::held) {
    finding.actual = describe_spread(answers);
  }
  return finding;
}

Finding burst_in_time(const Case&, Probe& probe) {
  const auto answers = probe.send_together(ordinary_bodies(probe, pushes_in_burst));
  return with_spread(expect_successes(answers), answers);
}

Finding bulk_in_time(const Case&, Probe& probe) {
  const auto answers = probe.send_together(ordinary_bodies(probe, pushes_in_bulk));
  return with_spread(expect_successes(answers), answers);
}

Finding sustained_in_time(const Case&, Probe& probe) {
  const auto answers = probe.send_evenly(ordinary_bodies(probe, pushes_sustained), sustained_every);
  return with_spread(expect_successes(answers), answers);
}

Finding margin(const Case&, Probe& probe) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < pushes_alone; ++i) {
    answers.push_back(probe.send_ordinary());
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

std::vector<Case> basic_cases() {
  return {
      {.id = "D1-post-taken",
       .clause = "D1",
       .title = "the endpoint takes a push",
       .requirement = "A push, one POST of a JSON object, is not turned away: connection, TLS and HTTP work, and the "
                      "answer is not one that calls the request wrong.",
       .expected = {"an HTTP response other than 4xx (429 apart)", "no response within 5 s (left to D4-in-time)"},
       .no_vector = "its push is that of D3-exactly-200, which asks for more",
       .run = post_taken},
      {.id = "D4-in-time",
       .clause = "D4",
       .title = "a push alone is answered within 5 s",
       .requirement = "The complete response to a push arrives in less than 5 s, counted from before the name look-up.",
       .rests_on = "D1-post-taken",
       .expected = {"a complete response, whatever its status, in less than 5 s, to each of 3 pushes one by one"},
       .no_vector = about_time,
       .run = alone_in_time},
      {.id = base_case,
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
       .rests_on = base_case,
       .expected = {std::string(success_in_time) + ", to both spellings"},
       .run = unicode},
      {.id = "D1-member-order",
       .clause = "D1",
       .title = "`data` may come before `event`",
       .requirement = "A JSON object has no order: the consumer finds `event` and `data` wherever they stand.",
       .strength = Strength::should,
       .stage = Stage::content,
       .rests_on = base_case,
       .expected = {success_in_time},
       .run = data_first},
      {.id = "D1-large-body",
       .clause = "D1",
       .title = "a body of 150 KiB is taken",
       .requirement = "No size is promised: an entity with long text is answered like any other.",
       .strength = Strength::should,
       .stage = Stage::content,
       .rests_on = base_case,
       .expected = {success_in_time},
       .run = large_body},
      {.id = "D1-256-kib",
       .clause = "D1",
       .title = "a body of 256 KiB is taken",
       .requirement = "No size is promised: a body of up to 256 KiB is answered like any other.",
       .strength = Strength::should,
       .stage = Stage::content,
       .rests_on = base_case,
       .expected = {success_in_time},
       .run = largest_body},
      {.id = "D4-margin",
       .clause = "D4",
       .title = "the answer leaves room to the limit",
       .requirement = "An answer that takes 2.5 s or more on a quiet day misses the 5 s on a busy one.",
       .strength = Strength::advice,
       .stage = Stage::content,
       .rests_on = base_case,
       .expected = {"status 200 in less than 2.5 s, to each of 3 pushes one by one"},
       .no_vector = about_time,
       .run = margin},
  };
}

std::vector<Case> load_cases() {
  return {
      {.id = "D4-burst",
       .clause = "D4",
       .title = "20 pushes at once are each answered within 5 s",
       .requirement = "A bulk change sends one push for each entity, all at once (D9); the 5 s hold for each of them.",
       .stage = Stage::load,
       .needs = {.disruptive = true},
       .about_ms = 200,
       .rests_on = base_case,
       .expected = {std::string(success_in_time) + ", to each of 20 pushes at once"},
       .no_vector = about_time,
       .run = burst_in_time},
      {.id = "D9-bulk",
       .clause = "D9",
       .title = "100 pushes at once are each answered within 5 s",
       .requirement = "A bulk change of 100 entities sends 100 pushes, all at once; each has its 5 s.",
       .strength = Strength::should,
       .stage = Stage::load,
       .needs = {.disruptive = true},
       .about_ms = 700,
       .rests_on = "D4-burst",
       .expected = {std::string(success_in_time) + ", to each of 100 pushes at once"},
       .no_vector = about_time,
       .run = bulk_in_time},
      {.id = "D4-sustained",
       .clause = "D4",
       .title = "1,000 pushes over 10 s are each answered within 5 s",
       .requirement = "A consumer keeps up with 100 pushes a second: none waits longer because others came before it.",
       .strength = Strength::should,
       .stage = Stage::load,
       .needs = {.disruptive = true},
       .about_ms = 10'000,
       .rests_on = "D4-burst",
       .expected = {std::string(success_in_time) + ", to each of 1,000 pushes, one every 10 ms"},
       .no_vector = about_time,
       .run = sustained_in_time},
  };
}

}  // namespace

std::vector<Case> delivery_cases() {
  auto cases = basic_cases();
  for (auto* const more : {further_cases, load_cases}) {
    std::ranges::move(more(), std::back_inserter(cases));
  }
  return cases;
}

}  // namespace mock::conformance
