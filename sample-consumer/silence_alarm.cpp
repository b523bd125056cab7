#include "silence_alarm.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "quantity.hpp"

namespace consumer {
namespace {

constexpr std::chrono::minutes grace_max{10};

std::string in_words(std::chrono::milliseconds duration) {
  return to_text(std::chrono::duration_cast<std::chrono::seconds>(duration));
}

}  // namespace

SilenceAlarm::SilenceAlarm(std::chrono::milliseconds every, Time started_at, const std::string& source)
    : every_(every), started_at_(started_at), from_source_(source.empty() ? "" : " from " + source) {}

std::optional<std::string> SilenceAlarm::look(Time now, Time last_push) {
  started_at_ = std::min(started_at_, now);
  next_line_ = std::min(next_line_, now + every_);
  const auto grace = std::min<std::chrono::milliseconds>(every_, grace_max);
  if (now - last_push <= every_) {
    if (!silent_.exchange(false)) return std::nullopt;
    return fmt::format("pushes{} come in again", from_source_);
  }
  if (now - started_at_ < grace || (silent_ && now < next_line_)) return std::nullopt;
  silent_ = true;
  next_line_ = now + every_;
  return fmt::format(
      "no push{} for {} (--expect-push-every {}): Prospero may have disabled the webhook after failed answers (X1), or "
      "cannot reach this consumer, or nothing was changed there; see whether the URL answers from outside, then ask "
      "Prospero's staff whether the webhook is enabled, and re-read what may have been missed",
      from_source_, in_words(now - last_push), in_words(every_));
}

}  // namespace consumer
