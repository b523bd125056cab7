// Section D: connections that break, bodies that are none, requests that are no pushes. Pushes are answered afterwards.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

constexpr std::size_t silent_connections = 100;
constexpr std::size_t slow_connections = 20;
constexpr int slow_rounds = 4;
constexpr delivery::Duration slow_round = std::chrono::milliseconds(250);
constexpr std::size_t over_limit_bytes = 1024 * 1024;
constexpr std::size_t oversize_bytes = 10 * 1024 * 1024;

WireRequest push(Probe& probe) {
  WireRequest request;
  request.headers = ordinary_headers();
  request.body = probe.bodies().ordinary(probe.any_event());
  return request;
}

// The same bytes again, as a retry brings them (R5), then another push.
Finding answered_after(Probe& probe, const WireRequest& cut) {
  probe.exchange_one(cut);
  const std::vector<Answer> answers{probe.send(cut.body), probe.send_ordinary()};
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken) {
    finding.cause =
        "After a push that broke off, the next ones are not answered: an error that is not handled, or a "
        "copy that is taken for a mistake.";
    finding.fix = "Forget a request that did not arrive completely; answer 200 when the same bytes come again.";
  }
  return finding;
}

Finding cut_head(const Case&, Probe& probe) {
  auto request = push(probe);
  request.cut_head = 30;
  return answered_after(probe, request);
}

Finding cut_body(const Case&, Probe& probe) {
  auto request = push(probe);
  request.cut_body = request.body.size() / 2;
  return answered_after(probe, request);
}

Finding left_before_answer(const Case&, Probe& probe) {
  auto request = push(probe);
  request.leave_before_answer = true;
  return answered_after(probe, request);
}

Finding silent(const Case&, Probe& probe) {
  const auto held_open = probe.hold(silent_connections, false);
  const std::vector<Answer> answers{probe.send_ordinary(), probe.send_ordinary()};
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken) {
    finding.actual = fmt::format("beside {} silent connections: {}", held_open->count(), finding.actual);
    finding.cause = "Each connection holds a worker, and silent ones hold all of them.";
    finding.fix = "Put an event-driven server or proxy in front, or limit how long a connection may be silent.";
  }
  return finding;
}

Finding slow(const Case&, Probe& probe) {
  const auto held_open = probe.hold(slow_connections, true);
  std::vector<Answer> answers;
  for (int i = 0; i < slow_rounds; ++i) {
    held_open->trickle();
    probe.wait(slow_round);
    answers.push_back(probe.send_ordinary());
  }
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken) {
    finding.cause = "Each slow request holds a worker, and a few hold all of them.";
    finding.fix = "Put an event-driven server or proxy in front that hands over complete requests only.";
  }
  return finding;
}

// Whatever the answer: pushes are still answered.
Finding alive_after(Probe& probe, std::string actual) {
  auto finding = expect_success(probe.send_ordinary());
  if (finding.kind == Finding::Kind::broken) {
    finding.actual = fmt::format("the next push: {}", finding.actual);
    finding.cause = "An error in the handling of this request ended the process, or keeps it busy.";
    finding.fix = "Catch it where the request is handled.";
    return finding;
  }
  return held(std::move(actual));
}

Finding kept_aside(Probe& probe, const std::vector<std::string>& bodies) {
  std::vector<Answer> answers;
  for (const auto& body : bodies) {
    auto request = push(probe);
    request.body = body;
    answers.push_back(probe.exchange_one(request));
  }
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken) {
    finding.cause =
        "A body that can never be processed is refused: it comes three more times, and each refusal moves "
        "the webhook toward being disabled (X2).";
    finding.fix = "Answer 200, keep the bytes aside, and look at them.";
    return finding;
  }
  return alive_after(probe, std::move(finding.actual));
}

Finding malformed(const Case&, Probe& probe) {
  return kept_aside(probe, {R"({"event":)", "[]", "null", R"("text")", R"({"event":"event.created"})", "<push/>"});
}

Finding not_utf8(const Case&, Probe& probe) {
  return kept_aside(probe, {probe.bodies().with_field(probe.any_event(), "sampleBytes", "\"\xc3\x28\xff\"")});
}

Finding empty_body(const Case&, Probe& probe) {
  return kept_aside(probe, {""});
}

Finding over_limit(const Case&, Probe& probe) {
  return expect_success(probe.send(probe.bodies().large(probe.any_event(), over_limit_bytes)));
}

Finding oversize(const Case&, Probe& probe) {
  const auto answer = probe.send(probe.bodies().large(probe.any_event(), oversize_bytes));
  return alive_after(probe, describe(answer));
}

Finding refused(Probe& probe, const WireRequest& request, std::string_view what) {
  const auto answer = probe.exchange_one(request);
  if (is_success(answer)) {
    return broken(fmt::format("{}: {}", what, describe(answer)), "The handler looks at neither method nor path.",
                  "Answer 404 to other paths and 405 to other methods, so that strangers and mistakes show.");
  }
  return held(describe(answer));
}

Finding other_methods(const Case&, Probe& probe) {
  for (const std::string_view method : {"GET", "PUT", "DELETE"}) {
    WireRequest request;
    request.method = method;
    request.headers = ordinary_headers();
    request.framing = method == "PUT" ? Framing::counted : Framing::none;
    auto finding = refused(probe, request, method);
    if (finding.kind == Finding::Kind::broken) {
      return finding;
    }
  }
  return alive_after(probe, "GET, PUT and DELETE are not answered 200");
}

Finding other_path(const Case&, Probe& probe) {
  auto request = push(probe);
  request.where = Where::other_path;
  auto finding = refused(probe, request, "a path that nobody was given");
  return finding.kind == Finding::Kind::broken ? finding : alive_after(probe, finding.actual);
}

struct Text {
  std::string id, title, requirement, expected;
};

Case unfriendly(Text text, Strength strength, Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.clause = text.id.substr(0, text.id.find('-'));
  result.id = std::move(text.id);
  result.title = std::move(text.title);
  result.requirement = std::move(text.requirement);
  result.strength = strength;
  result.stage = Stage::unfriendly;
  result.rests_on = base_case;
  result.expected = {std::move(text.expected)};
  result.run = run;
  return result;
}

Case disruptive(Case subject) {
  subject.needs.disruptive = true;
  subject.about_ms = 1000;
  return subject;
}

std::vector<Case> broken_connections() {
  const std::string again = "status 200, in time, to the same bytes sent again and to a push after it";
  const std::string meanwhile = "status 200, in time, to real pushes meanwhile";
  std::vector<Case> cases{
      unfriendly({"D5-cut-head", "a push cut off in its head harms nothing",
                  "Networks break: a request that stops in its head is forgotten, and its retry is taken.", again},
                 Strength::should, cut_head),
      unfriendly({"D5-cut-body", "a push cut off in its body harms nothing",
                  "Networks break: a request that stops in its body is forgotten, and its retry is taken.", again},
                 Strength::should, cut_body),
      unfriendly({"D5-left-before-answer", "a sender that does not wait for the answer harms nothing",
                  "A push whose answer was lost is sent again, with the same bytes.", again},
                 Strength::should, left_before_answer),
      disruptive(unfriendly({"D5-silent-connections", "100 silent connections do not keep pushes out",
                             "Whoever finds the port can open connections and say nothing.", meanwhile},
                            Strength::advice, silent)),
      disruptive(unfriendly({"D5-slow-connections", "20 slow requests do not keep pushes out",
                             "Whoever finds the URL can send a body byte by byte.", meanwhile},
                            Strength::advice, slow)),
  };
  for (auto& each : cases) each.no_vector = "it is about connections that break, or stay open";
  return cases;
}

std::vector<Case> broken_bodies() {
  std::vector<Case> cases{
      unfriendly({"D1-malformed", "a body that is no push gets 200",
                  "What can never be processed is kept aside: a refusal only brings it again.",
                  "status 200 to each of 6 bodies, and to a push afterwards"},
                 Strength::advice, malformed),
      unfriendly({"D1-not-utf8", "a body that is not UTF-8 gets 200",
                  "What can never be processed is kept aside: a refusal only brings it again.",
                  "status 200, and to a push afterwards"},
                 Strength::advice, not_utf8),
      unfriendly({"D1-empty-body", "an empty body gets 200",
                  "What can never be processed is kept aside: a refusal only brings it again.",
                  "status 200, and to a push afterwards"},
                 Strength::advice, empty_body),
      disruptive(unfriendly({"D1-over-256-kib", "a body of 1 MiB is taken",
                             "No size is promised: what is too large to process is kept aside.", success_in_time},
                            Strength::advice, over_limit)),
      disruptive(unfriendly(
          {"D1-oversize", "a body of 10 MiB harms nothing", "Whatever becomes of it, pushes are answered afterwards.",
           "status 200, in time, to a push afterwards"},
          Strength::advice, oversize)),
  };
  cases.back().no_vector = "it is about the push after a body of 10 MiB, whatever that one got";
  return cases;
}

std::vector<Case> no_pushes() {
  return {
      unfriendly({"D1-other-methods", "other methods than POST are not answered 200",
                  "A push is a POST: a 200 to GET hides a wrong URL from whoever tries it in a browser.",
                  "any other answer than 200 to GET, PUT and DELETE"},
                 Strength::advice, other_methods),
      unfriendly({"D1-other-path", "other paths are not answered 200",
                  "The path is the secret: an endpoint that takes every path has none.",
                  "any other answer than 200 to a POST beside the URL"},
                 Strength::advice, other_path),
  };
}

}  // namespace

std::vector<Case> robustness_cases() {
  auto cases = broken_connections();
  for (auto* const more : {broken_bodies, no_pushes}) {
    for (auto& each : more()) {
      cases.push_back(std::move(each));
    }
  }
  return cases;
}

}  // namespace mock::conformance
