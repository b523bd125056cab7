#include "cli/push_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/output.hpp"
#include "cli/terminal_text.hpp"
#include "world/date_time.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;
using delivery::Attempt;
using delivery::Delivery;
using delivery::Duration;
using delivery::Outcome;
using delivery::Reason;
using delivery::State;

std::string_view clause_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
    case Outcome::bad_status:
      return "D3";
    case Outcome::timeout:
      return "D4";
    case Outcome::unreachable:
    case Outcome::not_http:
      return "D5";
    case Outcome::tls_error:
      return "D5, D7";
    case Outcome::refused_address:
      return "D6";
    case Outcome::interrupted:
      return "G5";
  }
  return "";
}

long long milliseconds(Duration duration) {
  return std::chrono::round<std::chrono::milliseconds>(duration).count();
}

std::string phases_text(const delivery::Phases& phases) {
  std::string text;
  const auto add = [&](const char* name, std::optional<Duration> took) {
    if (took) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, milliseconds(*took));
  };
  add("dns", phases.dns);
  add("connect", phases.connect);
  add("tls", phases.tls);
  add("send", phases.send);
  add("wait", phases.wait);
  return text.empty() ? "" : " (" + text + ")";
}

/// "1 min", "1 h", "1 h 1 min", "20 s"; below a second in milliseconds.
std::string duration_text(Duration duration) {
  using namespace std::chrono;
  if (duration < seconds(1)) return fmt::format("{} ms", milliseconds(duration));
  const hh_mm_ss parts(round<seconds>(duration));
  std::string text;
  const auto add = [&](auto count, const char* unit) {
    if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit);
  };
  add(parts.hours().count(), "h");
  add(parts.minutes().count(), "min");
  add(parts.seconds().count(), "s");
  return text;
}

bool was_connected(const Attempt& attempt) {
  return attempt.phases.tls || attempt.phases.send;
}

std::string loss_text(const Delivery& delivery) {
  const auto attempts = delivery.attempts.size();
  const auto made = attempts == 1 ? std::string("1 attempt") : fmt::format("{} attempts", attempts);
  if (attempts == 1) return "not delivered; --retry makes the retries (R1)";
  return fmt::format("abandoned after {}: this webhook event is lost (R4)", made);
}

}  // namespace

std::string attempt_text(const Attempt& attempt) {
  const auto outcome = attempt.outcome.value_or(Outcome::interrupted);
  const auto took = attempt.ended_at.value_or(attempt.started_at) - attempt.started_at;
  auto verdict = std::string(delivery::to_text(outcome));
  if (attempt.status) verdict += fmt::format(" {}", *attempt.status);
  const auto answer = attempt.answer.empty() ? "" : "           answer: " + for_terminal(attempt.answer) + "\n";
  return fmt::format("attempt {}  {}  {:<16} {:>5} ms{}\n           {} ({})\n{}", attempt.number,
                     world::milli_time_text(attempt.started_at), verdict, milliseconds(took),
                     phases_text(attempt.phases), for_terminal(attempt.detail), clause_of(outcome), answer);
}

std::string outlook_text(const Delivery& delivery) {
  switch (delivery.state) {
    case State::pending: {
      if (!delivery.next_attempt_at || delivery.attempts.empty()) return {};
      const auto& last = delivery.attempts.back();
      const auto delay = std::max(*delivery.next_attempt_at - last.ended_at.value_or(last.started_at), Duration{});
      return fmt::format("           next attempt {} later (R1, R2), at {}\n", duration_text(delay),
                         world::milli_time_text(*delivery.next_attempt_at));
    }
    case State::delivered:
      return "delivered\n";
    case State::abandoned:
    case State::dropped:
      return loss_text(delivery) + "\n";
  }
  return {};
}

json::object push_json(const Delivery& delivery, const std::string& redacted_url, bool retries) {
  auto object = api::delivery_json(delivery, api::sha256_hex(*delivery.body));
  object["url"] = redacted_url;
  if (!retries && delivery.state == State::abandoned) {
    object["state"] = delivery::to_text(State::pending);
    object["reason"] = nullptr;
  }
  auto& attempts = object["attempts"].as_array();
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const auto& attempt = delivery.attempts[i];
    if (attempt.ended_at) attempts[i].as_object()["tookMs"] = milliseconds(*attempt.ended_at - attempt.started_at);
  }
  return object;
}

int push_exit_code(const Delivery& delivery) {
  if (delivery.state == State::delivered) return 0;
  const auto& attempts = delivery.attempts;
  if (std::ranges::any_of(attempts, was_connected)) return 1;
  return std::ranges::any_of(attempts, [](const Attempt& one) { return one.outcome == Outcome::refused_address; }) ? 2
                                                                                                                   : 3;
}

void PushJournal::print(const Delivery& delivery) {
  fmt::print(out_, "{}{}{}", std::exchange(heading_, {}), attempt_text(delivery.attempts.back()),
             outlook_text(delivery));
  std::fflush(out_);
}

void PushJournal::delivery_changed(std::size_t, const Delivery& delivery) {
  const auto& attempts = delivery.attempts;
  if (attempts.size() > printed_ && attempts.back().ended_at) {
    printed_ = attempts.size();
    if (out_ != nullptr) print(delivery);
  }
  if (delivery.state != State::pending && !std::exchange(told_, true)) ended_.set_value(delivery);
}

}  // namespace mock::cli
