#include <algorithm>
#include <prospero/webhooks/receive/gaps.hpp>
#include <utility>

#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

using std::chrono::milliseconds;

// First instants whose attempt fails, when that attempt begins between `least` and `most` after the first one.
std::vector<Span> failing(const std::vector<Span>& down, milliseconds least, milliseconds most) {
  std::vector<Span> spans;
  for (const Span& span : down) spans.push_back({span.from - most, span.to - least});
  return normalized(std::move(spans));
}

bool many_failed(const SilenceState& state, const GapRules& rules) {
  return rules.failures_max > 0 && state.failed_in_row >= rules.failures_max && state.first_failed_at;
}

// What is still to come is of a clock that was ahead and is set back: it happened before, and must not hide what comes.
void forget_future(SilenceState& state, InboxTime now) {
  state.last_push_at = std::min(state.last_push_at, std::optional{now});
  state.first_failed_at = std::min(state.first_failed_at, std::optional{now});
  if (state.reported_to > now) state.reported_to = std::nullopt;
}

}  // namespace

std::string_view to_text(GapReason reason) noexcept {
  switch (reason) {
    case GapReason::down:
      return "down";
    case GapReason::may_be_disabled:
      return "may_be_disabled";
  }
  return "unknown";
}

std::optional<GapReason> gap_reason_from_text(std::string_view text) noexcept {
  for (const GapReason reason : {GapReason::down, GapReason::may_be_disabled})
    if (to_text(reason) == text) return reason;
  return std::nullopt;
}

milliseconds last_retry_after(const GapRules& rules) noexcept {
  milliseconds total{0};
  for (const milliseconds delay : rules.retry_delays) total += delay;
  return total;
}

std::vector<Span> normalized(std::vector<Span> spans) {
  std::erase_if(spans, [](const Span& span) { return span.from >= span.to; });
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Span> joined;
  for (const Span& span : spans) {
    if (!joined.empty() && span.from <= joined.back().to)
      joined.back().to = std::max(joined.back().to, span.to);
    else
      joined.push_back(span);
  }
  return joined;
}

std::vector<Span> intersection(const std::vector<Span>& a, const std::vector<Span>& b) {
  std::vector<Span> both;
  auto one = a.begin(), other = b.begin();
  while (one != a.end() && other != b.end()) {
    const Span common{std::max(one->from, other->from), std::min(one->to, other->to)};
    if (common.from < common.to) both.push_back(common);
    one->to < other->to ? ++one : ++other;
  }
  return both;
}

std::vector<Span> difference(const std::vector<Span>& a, const std::vector<Span>& b) {
  std::vector<Span> rest;
  for (Span span : a) {
    for (const Span& hole : b) {
      if (hole.to <= span.from || hole.from >= span.to) continue;
      if (hole.from > span.from) rest.push_back({span.from, hole.from});
      span.from = hole.to;
      if (span.from >= span.to) break;
    }
    if (span.from < span.to) rest.push_back(span);
  }
  return rest;
}

std::vector<Span> lost_spans(const std::vector<Span>& down, const GapRules& rules) {
  milliseconds least{0}, most = rules.attempt_max;
  std::vector<Span> lost = failing(down, least, most);
  if (PROSPERO_FAULT(C7_the_first_failure_loses_it)) return lost;
  for (const milliseconds delay : rules.retry_delays) {
    least += delay;
    most += delay + rules.attempt_max;
    lost = intersection(lost, failing(down, least, most));
  }
  return lost;
}

void note_failure(SilenceState& state, InboxTime at) noexcept {
  ++state.failed_in_row;
  state.first_failed_at = std::min(state.first_failed_at.value_or(at), at);
}

// Of a row that was reported while it lasted, what followed is reported as the rest of that silence: nothing, if the
// push had come by then and waited for its commit.
void note_push(SilenceState& state, InboxTime at, const GapRules& rules) {
  if (many_failed(state, rules) && !state.reported_to && !PROSPERO_FAULT(C7_one_push_hides_many_failures))
    state.ended = {{state.ended ? state.ended->from : *state.first_failed_at, std::max(at, *state.first_failed_at)}};
  if (state.reported_to >= at) state.reported_to = std::nullopt;
  state.last_push_at = std::max(state.last_push_at, std::optional{at});
  state.failed_in_row = 0;
  state.first_failed_at = std::nullopt;
}

std::optional<Span> judge_silence(SilenceState& state, InboxTime now, const GapRules& rules) {
  forget_future(state, now);
  if (state.ended) return std::exchange(state.ended, std::nullopt);
  if (state.reported_to && state.last_push_at && *state.last_push_at > *state.reported_to) {
    const Span last{*state.reported_to, *state.last_push_at};
    state.reported_to = std::nullopt;
    return last;
  }
  if (many_failed(state, rules) && !state.reported_to) {
    state.reported_to = now;
    return Span{*state.first_failed_at, now};
  }
  const auto since = state.reported_to ? state.reported_to : state.last_push_at;
  if (rules.silence_max.count() <= 0 || !since || now - *since < rules.silence_max) return std::nullopt;
  state.reported_to = now;
  return Span{*since, now};
}

}  // namespace prospero::webhooks
