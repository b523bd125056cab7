#include "simulation/network.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "contract/values.hpp"

namespace mock::simulation {
namespace {

using namespace std::chrono_literals;
using delivery::AttemptResult;
using delivery::Outcome;

constexpr Duration deadline = contract::answer_within;
constexpr std::array bad_statuses{201, 202, 204, 206, 301, 302, 308, 400, 401, 404, 410, 429, 500, 502, 503};

Duration rounded_up(Duration time, Duration grain) {
  return (time + grain - Duration{1}) / grain * grain;
}

}  // namespace

Duration Network::soon() {
  return rounded_up(random_.between(1ms, 300ms), plan_.grain);
}

/// Around the deadline, often exactly there.
Duration Network::late() {
  switch (random_.between(0, 4)) {
    case 0:
      return deadline;
    case 1:
      return deadline - Duration{1};
    case 2:
      return rounded_up(random_.between(1s, 4900ms), plan_.grain);
    default:
      return rounded_up(random_.between(4s, 60s), plan_.grain);
  }
}

Network::Passage Network::failed(Outcome outcome, bool arrives) {
  const auto took = outcome == Outcome::timeout ? deadline : std::min(soon(), deadline);
  return {.outcome = outcome,
          .status = {},
          .took = took,
          .arrives = arrives ? std::optional{std::min(took, soon())} : std::nullopt,
          .answered = {},
          .consumer_status = contract::success_status,
          .detail = {}};
}

Network::Passage Network::draw_answered(Duration answered, int status) {
  Passage passage;
  passage.took = std::min(answered, deadline);
  passage.arrives = std::min(passage.took, soon());
  passage.answered = answered;
  passage.consumer_status = status;
  if (answered >= deadline) {
    passage.outcome = Outcome::timeout;
  } else {
    passage.outcome = status == contract::success_status ? Outcome::ok : Outcome::bad_status;
    passage.status = status;
  }
  return passage;
}

/// As the transport does when it has no open file left: a moment later it says that it sent nothing.
Network::Passage Network::held_back() {
  Passage passage;
  passage.outcome = Outcome::interrupted;
  passage.took = 1s;
  passage.detail = "not sent";
  return passage;
}

Network::Passage Network::draw_down() {
  return failed(random_.chance(700) ? Outcome::unreachable : Outcome::timeout, false);
}

Network::Passage Network::draw(const std::string& url) {
  if (calm_) return draw_answered(random_.between(1ms, 300ms), contract::success_status);
  const auto& rates = plan_.network;
  if (random_.chance(rates.no_files)) return held_back();
  const auto mood = moods_[url];
  if (mood == Mood::down || (mood == Mood::flapping && random_.chance(500))) return draw_down();
  if (mood == Mood::losing && random_.chance(700))
    return failed(random_.chance(500) ? Outcome::unreachable : Outcome::timeout, true);
  if (mood == Mood::slow && random_.chance(700)) return draw_answered(late(), contract::success_status);
  if (random_.chance(rates.hung_lookup)) return failed(Outcome::timeout, false);
  if (random_.chance(rates.refused)) return failed(Outcome::unreachable, false);
  if (random_.chance(rates.tls_error)) return failed(Outcome::tls_error, false);
  if (random_.chance(rates.refused_address)) return failed(Outcome::refused_address, false);
  if (random_.chance(rates.reset_before)) return failed(Outcome::unreachable, false);
  if (random_.chance(rates.answer_lost))
    return failed(random_.chance(500) ? Outcome::unreachable : Outcome::timeout, true);
  if (random_.chance(rates.garbage)) return failed(Outcome::not_http, true);
  if (random_.chance(rates.bad_status)) return draw_answered(soon(), bad_statuses[random_.below(bad_statuses.size())]);
  if (random_.chance(rates.slow)) return draw_answered(late(), contract::success_status);
  return draw_answered(soon(), contract::success_status);
}

void Network::post(delivery::Push push, Done done) {
  const auto passage = draw(push.url);
  const auto started = timeline_.now();
  if (passage.arrives) {
    std::optional<Duration> answered;
    if (passage.answered) answered = started + *passage.answered;
    timeline_.at(started + *passage.arrives, [this, push, started, answered, status = passage.consumer_status] {
      history_.receipts.push_back({timeline_.now(), started, push.url, push.body, status, answered});
    });
  }
  timeline_.at(started + passage.took, [this, passage, started, life = life_, done = std::move(done)] {
    complete(passage, started, life, done);
  });
}

/// A machine that slept sees the end when it wakes; its monotonic clock counted on meanwhile (G7).
void Network::complete(Passage passage, Duration started, std::uint64_t life, const Done& done) {
  if (life != life_) return;
  if (asleep()) {
    timeline_.at(asleep_until_, [this, passage, started, life, done] { complete(passage, started, life, done); });
    return;
  }
  AttemptResult result;
  result.took = timeline_.now() - started;
  const bool overslept = result.took >= deadline;
  result.outcome = overslept ? Outcome::timeout : passage.outcome;
  if (!overslept) {
    result.status = passage.status;
    result.detail = passage.detail;
  }
  done(std::move(result));
}

}  // namespace mock::simulation
