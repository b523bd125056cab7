#include "conformance/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>
#include <utility>

#include "contract/values.hpp"

namespace mock::conformance {
namespace {

using delivery::Outcome;

struct Advice {
  std::string_view cause;
  std::string_view fix;
};

Advice about_redirect() {
  return {"The URL redirects: another scheme, host or path (often a trailing slash). Prospero does not follow it.",
          "Register the final URL, or serve this one without a redirect."};
}

Advice about_client_error(int status) {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return {"The endpoint asks for credentials or a token (session, CSRF, proxy). Pushes carry none (D2).",
              "Let this path through without a login; its secret is the path itself."};
    case 404:
    case 410:
      return {"Nothing is served at this path.", "Check the path of the URL, and the routes and proxy in front of it."};
    case 405:
      return {"The path exists, but does not take POST.", "Accept POST at this path (D1)."};
    case 413:
      return {"The body is over a size limit of the framework or of a proxy in front of it.",
              "Raise the limit for this path: what is too large to process is answered 200 and kept aside."};
    case 415:
      return {"The endpoint does not take Content-Type: application/json.",
              "Accept application/json at this path (D2)."};
    case 429:
      return {"A rate limit stands before the endpoint.",
              "Exempt this path: a bulk change sends one push for each entity, all at once (D9)."};
    default:
      return {"The request was taken for a wrong one: validation, perhaps of fields that Prospero does not promise.",
              "Answer 200 to every push and keep aside what cannot be processed."};
  }
}

Advice about_status(int status) {
  if (status < 300) {
    return {"A framework's default for POST, or a status that means \"accepted\" elsewhere. Only 200 is success (D3).",
            "Set the status to 200 explicitly."};
  }
  if (status < 400) {
    return about_redirect();
  }
  if (status < 500) {
    return about_client_error(status);
  }
  return {"The handler failed, or a proxy could not reach it.",
          "Store the payload, answer 200, and process it afterwards; the consumer's log at this moment tells more."};
}

Advice about_outcome(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
    case Outcome::bad_status:
      return {};
    case Outcome::timeout:
      return {
          "The work is done before the answer, or the connection waits for a busy worker. Prospero gives it 5 s (D4).",
          "Store the payload, answer 200 at once, and process it afterwards."};
    case Outcome::unreachable:
      return {
          "The connection was refused, reset or closed before the response was complete: a crash, a restart, a "
          "proxy's limit.",
          "Look into the consumer's log at this moment; keep the process alive whatever a push holds."};
    case Outcome::not_http:
      return {"What listens there does not speak HTTP/1.1.", "Check port and protocol of the URL."};
    case Outcome::tls_error:
      return {
          "No TLS session: plain HTTP on this port, or a certificate that is not valid for the host or not trusted.",
          "Serve TLS with the complete chain for this host; for a private test CA give --ca (D7)."};
    case Outcome::refused_address:
      return {"The name leads to an address that Prospero refuses (D6).", "Use a public address; see --allow-local."};
    case Outcome::interrupted:
      return {"The tester could not see the outcome.", ""};
  }
  return {};
}

Advice advice_for(const Answer& answer) {
  const bool has_status = answer.outcome == Outcome::bad_status && answer.status;
  return has_status ? about_status(*answer.status) : about_outcome(answer.outcome);
}

long long milliseconds(delivery::Duration took) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

std::string_view unseen_or_late(const delivery::AttemptResult& answer) {
  return answer.outcome == Outcome::timeout ? "no complete response" : to_text(answer.outcome);
}

}  // namespace

std::string describe(const delivery::AttemptResult& answer) {
  const auto ms = milliseconds(answer.took);
  const bool complete = answer.outcome == Outcome::ok || answer.outcome == Outcome::bad_status;
  if (complete && answer.status) {
    return fmt::format("status {} after {} ms", *answer.status, ms);
  }
  const auto detail = answer.detail.empty() ? std::string() : fmt::format(" ({})", answer.detail);
  return fmt::format("{} after {} ms{}", unseen_or_late(answer), ms, detail);
}

std::string describe_spread(std::span<const Answer> answers) {
  std::vector<delivery::Duration> times;
  std::ranges::transform(answers, std::back_inserter(times), &Answer::took);
  std::ranges::sort(times);
  const auto at = [&](std::size_t percent) { return milliseconds(times[(times.size() - 1) * percent / 100]); };
  return fmt::format("{} pushes got 200: p50 {} ms, p99 {} ms, max {} ms, margin to 5 s {} ms", times.size(), at(50),
                     at(99), at(100), milliseconds(contract::answer_within - times.back()));
}

bool complete_in_time(const Answer& answer) {
  const bool complete = answer.outcome == Outcome::ok || answer.outcome == Outcome::bad_status;
  return complete && answer.took < contract::answer_within;
}

bool is_success(const Answer& answer) {
  return answer.outcome == Outcome::ok && answer.status == contract::success_status && complete_in_time(answer);
}

Finding broken_by(const Answer& answer, std::string actual) {
  Finding finding;
  finding.actual = std::move(actual);
  finding.kind = answer.outcome == Outcome::interrupted ? Finding::Kind::unjudged : Finding::Kind::broken;
  const bool late = answer.outcome == Outcome::ok && !complete_in_time(answer);
  const auto advice = late ? about_outcome(Outcome::timeout) : advice_for(answer);
  finding.cause = advice.cause;
  finding.fix = advice.fix;
  finding.no_name = found_no_name(answer);
  finding.from_time = late || answer.outcome == Outcome::timeout;
  finding.request = answer.request;
  finding.received = answer.received;
  return finding;
}

void blame_name(Finding& finding) {
  finding.cause =
      "DNS: the name of the URL's host was not looked up. Its zone, or the name server that this machine asks, did not "
      "know it or did not answer; the consumer itself was not asked.";
  finding.fix =
      "Look at the zone, its name servers, and the resolver of this machine (--dns asks another one): Prospero has to "
      "find the name too (D5).";
}

Finding held(std::string actual) {
  Finding finding;
  finding.actual = std::move(actual);
  return finding;
}

Finding leads_elsewhere(std::string actual) {
  return broken(std::move(actual),
                "The name leads to an address that Prospero refuses, though it led to a public one before.",
                "Look at all A and AAAA records, and at what a failover, a balancer or a name server of your own "
                "answers: every address has to be public.");
}

Finding not_applicable(std::string why) {
  Finding finding;
  finding.kind = Finding::Kind::not_applicable;
  finding.cause = std::move(why);
  return finding;
}

Finding unreadable(const WitnessReading& reading) {
  Finding finding;
  finding.kind = Finding::Kind::unjudged;
  finding.actual = reading.problem;
  finding.cause = "The consumer's witness could not be read.";
  return finding;
}

Finding broken(std::string actual, std::string cause, std::string fix) {
  Finding finding;
  finding.kind = Finding::Kind::broken;
  finding.actual = std::move(actual);
  finding.cause = std::move(cause);
  finding.fix = std::move(fix);
  return finding;
}

Finding expect_success(const Answer& answer) {
  return expect_successes({&answer, 1});
}

Finding expect_successes(std::span<const Answer> answers) {
  const auto first_bad = std::ranges::find_if_not(answers, is_success);
  if (first_bad == answers.end()) {
    const auto slowest = std::ranges::max_element(answers, {}, &Answer::took);
    auto actual = describe(*slowest);
    return held(answers.size() == 1 ? actual : fmt::format("{} pushes, the slowest: {}", answers.size(), actual));
  }
  if (answers.size() == 1) {
    return broken_by(*first_bad, describe(*first_bad));
  }
  const auto good = std::ranges::count_if(answers, is_success);
  auto finding = broken_by(*first_bad, fmt::format("{} of {} pushes got 200 in time; the first other one: {}", good,
                                                   answers.size(), describe(*first_bad)));
  finding.from_time = std::ranges::all_of(
      answers, [](const Answer& answer) { return is_success(answer) || broken_by(answer, {}).from_time; });
  return finding;
}

Finding expect_successes(const Session& session, std::size_t requests) {
  const auto& answers = session.answers;
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::held && answers.size() < requests) {
    return broken(fmt::format("{} of {} requests on one connection were answered", answers.size(), requests),
                  "The connection ended before its requests did.",
                  "Keep the connection open, or close it after an answer.");
  }
  return finding;
}

}  // namespace mock::conformance
