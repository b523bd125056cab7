#include "delivery/packed_attempt.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace mock::delivery {
namespace {

constexpr auto no_phase = std::numeric_limits<std::uint32_t>::max();

std::uint32_t pack_phase(const std::optional<Duration>& took) {
  if (!took) return no_phase;
  return static_cast<std::uint32_t>(std::clamp<Duration::rep>(took->count(), 0, no_phase - 1));
}

std::optional<Duration> unpack_phase(std::uint32_t took) {
  if (took == no_phase) return std::nullopt;
  return Duration{took};
}

// The answer is one line and mostly the same with the same detail: one text for both takes no more room.
constexpr char answer_follows = '\n';

std::string joined_texts(const Attempt& attempt) {
  return attempt.answer.empty() ? attempt.detail : attempt.detail + answer_follows + attempt.answer;
}

void take_apart(const std::string& texts, Attempt& attempt) {
  const auto end = texts.rfind(answer_follows);
  attempt.detail = texts.substr(0, end);
  if (end != std::string::npos) attempt.answer = texts.substr(end + 1);
}

template <class To, class From>
To narrow(From value) {
  if (!std::in_range<To>(value)) throw std::length_error("a value of an attempt is out of its range");
  return static_cast<To>(value);
}

std::int64_t micros(Instant at) {
  return at.time_since_epoch().count();
}

Instant instant(std::int64_t micros) {
  return Instant{Duration{micros}};
}

}  // namespace

PackedAttempt pack(const Attempt& attempt, TextPool& pool) {
  PackedAttempt packed;
  packed.scheduled_at = micros(attempt.scheduled_at);
  packed.started_at = micros(attempt.started_at);
  packed.ended = attempt.ended_at.has_value();
  if (attempt.ended_at) packed.ended_at = micros(*attempt.ended_at);
  const auto& [dns, connect, tls, send, wait] = attempt.phases;
  packed.phases = {pack_phase(dns), pack_phase(connect), pack_phase(tls), pack_phase(send), pack_phase(wait)};
  packed.epoch = narrow<std::uint32_t>(attempt.epoch);
  packed.texts = pool.number_of(joined_texts(attempt));
  packed.status = attempt.status ? narrow<std::int16_t>(*attempt.status) : std::int16_t{-1};
  packed.number = narrow<std::uint16_t>(attempt.number);
  packed.has_outcome = attempt.outcome.has_value();
  if (attempt.outcome) packed.outcome = static_cast<std::uint8_t>(*attempt.outcome);
  packed.uncertain = attempt.uncertain;
  return packed;
}

Attempt unpack(const PackedAttempt& packed, const TextPool& pool) {
  Attempt attempt;
  attempt.number = packed.number;
  attempt.scheduled_at = instant(packed.scheduled_at);
  attempt.started_at = instant(packed.started_at);
  if (packed.ended) attempt.ended_at = instant(packed.ended_at);
  if (packed.has_outcome) attempt.outcome = static_cast<Outcome>(packed.outcome);
  if (packed.status >= 0) attempt.status = packed.status;
  take_apart(pool.text(packed.texts), attempt);
  attempt.uncertain = packed.uncertain;
  attempt.epoch = packed.epoch;
  const auto& phases = packed.phases;
  attempt.phases = {unpack_phase(phases[0]), unpack_phase(phases[1]), unpack_phase(phases[2]), unpack_phase(phases[3]),
                    unpack_phase(phases[4])};
  return attempt;
}

}  // namespace mock::delivery
