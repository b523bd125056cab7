#include "inbox_history.hpp"

#include <algorithm>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <utility>

#include "inbox_rows.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::string_view judged_to = "gaps_judged_to";
constexpr std::string_view last_push_at = "last_push_at";
constexpr std::string_view silence_reported_to = "silence_reported_to";

// "last_push_at" for the source without a label, "last_push_at opera" for that of this label; reasons alike.
std::string with_source(std::string_view word, std::string_view source) {
  return std::string{word} + (source.empty() ? "" : " " + std::string{source});
}

std::optional<std::string> source_in(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return std::nullopt;
  text.remove_prefix(word.size());
  if (text.empty()) return std::string{};
  return text.front() == ' ' ? std::optional{std::string{text.substr(1)}} : std::nullopt;
}

void set_reason(Gap& gap, const std::string& text) {
  for (const GapReason reason : {GapReason::down, GapReason::may_be_disabled})
    if (auto source = source_in(text, to_text(reason))) {
      gap.reason = reason;
      gap.source = *std::move(source);
      return;
    }
  throw InboxError("the inbox holds an unknown reason of a gap: it was written by another version");
}

// By then the last attempt of a push first tried at t has ended.
std::chrono::milliseconds settled_after(const GapRules& rules) {
  return last_retry_after(rules) + static_cast<int>(rules.retry_delays.size() + 1) * rules.attempt_max;
}

}  // namespace

InboxHistory::InboxHistory(SqliteConnection& connection)
    : begin_(connection, "INSERT INTO up (began_at, ended_at) VALUES (?1, ?1)"),
      last_beat_(connection, "SELECT ended_at FROM up ORDER BY id DESC LIMIT 1"),
      beat_(connection, "UPDATE up SET ended_at = max(ended_at, ?1) WHERE id = (SELECT max(id) FROM up)"),
      up_(connection, "SELECT began_at, ended_at FROM up ORDER BY began_at"),
      refused_(connection, "SELECT began_at, ended_at FROM refused ORDER BY began_at"),
      insert_refused_(connection, "INSERT INTO refused (began_at, ended_at) VALUES (?1, ?2)"),
      gaps_(connection, "SELECT id, began_at, ended_at, reason, told_at FROM gap ORDER BY id"),
      untold_(connection, "SELECT id, began_at, ended_at, reason, told_at FROM gap WHERE told_at IS NULL ORDER BY id"),
      insert_gap_(connection, "INSERT INTO gap (began_at, ended_at, reason) VALUES (?1, ?2, ?3)"),
      told_(connection, "UPDATE gap SET told_at = ?2 WHERE id = ?1"),
      mark_(connection, "SELECT value FROM mark WHERE name = ?1"),
      marks_(connection, "SELECT name, value FROM mark"),
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES (?1, ?2)"),
      clear_mark_(connection, "DELETE FROM mark WHERE name = ?1"),
      newest_pushes_(connection,
                     "SELECT source, max(received_at) FROM (SELECT source, received_at, state FROM arrival"
                     " ORDER BY seq DESC LIMIT 10000) WHERE state <> 'quarantined' AND received_at <= ?1"
                     " GROUP BY source"),
      forget_future_(connection,
                     "UPDATE up SET began_at = min(began_at, ?1), ended_at = min(ended_at, ?1) WHERE ended_at > ?1"),
      forget_future_gaps_(
          connection, "UPDATE gap SET began_at = min(began_at, ?1), ended_at = min(ended_at, ?1) WHERE ended_at > ?1"),
      forget_up_(connection, "DELETE FROM up WHERE ended_at < ?1 AND id < (SELECT max(id) FROM up)"),
      forget_refused_(connection, "DELETE FROM refused WHERE ended_at < ?1") {}

void InboxHistory::begin(InboxTime now) {
  forget_future(now);
  begin_.bind(1, as_integer(now)).run();
  if (!mark(judged_to)) set_mark(judged_to, now);  // what was before the first start is nobody's gap
}

// A clock that was ahead and is set back: what it says to have been cannot be, and must not hide what comes. Some of it
// may be told again.
void InboxHistory::forget_future(InboxTime now) {
  forget_future_.bind(1, as_integer(now)).run();
  forget_future_gaps_.bind(1, as_integer(now)).run();
  const auto judged = mark(judged_to);
  if (judged && *judged > now) set_mark(judged_to, now);
}

void InboxHistory::beat(InboxTime now, std::chrono::milliseconds pause_max) {
  bool paused = false;
  {
    const SqliteReset done{last_beat_};
    paused = last_beat_.step() && std::chrono::abs(now - as_time(last_beat_.integer(0))) > pause_max;
  }
  paused ? begin(now) : beat_.bind(1, as_integer(now)).run();
}

void InboxHistory::add_refused(const std::vector<Span>& spans) {
  for (const Span& span : spans) insert_refused_.bind(1, as_integer(span.from)).bind(2, as_integer(span.to)).run();
}

SilenceStates InboxHistory::silence(InboxTime now) {
  SilenceStates states;
  const SqliteReset done{marks_};
  while (marks_.step()) {
    const std::string name = marks_.bytes(0);
    if (const auto source = source_in(name, last_push_at))
      states[*source].last_push_at = std::min(as_time(marks_.integer(1)), now);
    if (const auto source = source_in(name, silence_reported_to))
      states[*source].reported_to = as_time(marks_.integer(1));
  }
  add_newest_pushes(states, now);
  return states;
}

// Without them the last heartbeat's marks stand, which are little older. Rows of a time that is still to come are left
// out: they are of a clock that was ahead, and would be taken for new ones at each start.
void InboxHistory::add_newest_pushes(SilenceStates& states, InboxTime now) {
  const SqliteReset done{newest_pushes_};
  newest_pushes_.bind(1, as_integer(now));
  try {
    while (newest_pushes_.step()) {
      auto& last = states[newest_pushes_.bytes(0)].last_push_at;
      last = std::max(last, std::optional{as_time(newest_pushes_.integer(1))});
    }
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
  }
}

void InboxHistory::keep(std::string_view source, const SilenceState& state) {
  set_mark(with_source(last_push_at, source), state.last_push_at);
  set_mark(with_source(silence_reported_to, source), state.reported_to);
}

void InboxHistory::judge(InboxTime now, const GapRules& rules) {
  for (const Span& span : new_losses(now, rules)) insert_gap(span, to_text(GapReason::down));
  const auto before = mark(judged_to);
  const InboxTime settled = now - settled_after(rules);
  if (before && *before < settled) set_mark(judged_to, settled);
}

void InboxHistory::add_silence(const Span& span, std::string_view source) {
  insert_gap(span, with_source(to_text(GapReason::may_be_disabled), source));
}

std::optional<Gap> InboxHistory::untold() {
  const auto gaps = read_gaps(untold_);
  return gaps.empty() ? std::nullopt : std::optional{gaps.front()};
}

void InboxHistory::told(std::uint64_t id, InboxTime now) {
  told_.bind(1, as_integer(id)).bind(2, as_integer(now)).run();
}

std::vector<Gap> InboxHistory::all(InboxTime now, const GapRules& rules) {
  std::vector<Gap> gaps = read_gaps(gaps_);
  for (const Span& span : new_losses(now, rules)) gaps.push_back({0, span.from, span.to, GapReason::down, false, {}});
  return gaps;
}

void InboxHistory::forget_before(InboxTime before) {
  const auto judged = mark(judged_to);
  const InboxTime until = judged ? std::min(before, *judged - std::chrono::minutes{1}) : before;
  forget_up_.bind(1, as_integer(until)).run();
  forget_refused_.bind(1, as_integer(until)).run();
}

// A push first tried later than the last retry ago may still come, so nothing is told about it yet.
std::vector<Span> InboxHistory::new_losses(InboxTime now, const GapRules& rules) {
  const auto from = mark(judged_to);
  if (!from) return {};
  const auto up = normalized(spans(up_));
  std::vector<Span> down = difference({{*from - rules.attempt_max, now}}, up);
  for (const Span& span : spans(refused_)) down.push_back(span);
  std::vector<Span> known;
  for (const Gap& gap : read_gaps(gaps_))
    if (gap.reason == GapReason::down) known.push_back({gap.from, gap.to});
  const std::vector<Span> told_about{{*from - rules.attempt_max, now - last_retry_after(rules)}};
  return difference(intersection(lost_spans(normalized(std::move(down)), rules), told_about), normalized(known));
}

std::vector<Span> InboxHistory::spans(SqliteStatement& statement) {
  const SqliteReset done{statement};
  std::vector<Span> found;
  while (statement.step()) found.push_back({as_time(statement.integer(0)), as_time(statement.integer(1))});
  return found;
}

std::vector<Gap> InboxHistory::read_gaps(SqliteStatement& statement) {
  const SqliteReset done{statement};
  std::vector<Gap> found;
  while (statement.step()) {
    Gap gap{unsigned_column(statement, 0), as_time(statement.integer(1)), as_time(statement.integer(2))};
    set_reason(gap, statement.bytes(3));
    gap.told = !statement.is_null(4);
    found.push_back(std::move(gap));
  }
  return found;
}

std::optional<InboxTime> InboxHistory::mark(std::string_view name) {
  const SqliteReset done{mark_};
  if (!mark_.bind(1, name).step()) return std::nullopt;
  return as_time(mark_.integer(0));
}

void InboxHistory::set_mark(std::string_view name, const std::optional<InboxTime>& value) {
  if (value)
    set_mark_.bind(1, name).bind(2, as_integer(*value)).run();
  else
    clear_mark_.bind(1, name).run();
}

void InboxHistory::insert_gap(const Span& span, std::string_view reason) {
  insert_gap_.bind(1, as_integer(span.from)).bind(2, as_integer(span.to)).bind(3, reason).run();
}

std::map<std::string, InboxTime> last_pushes(const SilenceStates& states) {
  std::map<std::string, InboxTime> pushes;
  for (const auto& [source, state] : states)
    if (state.last_push_at) pushes[source] = *state.last_push_at;
  return pushes;
}

namespace {

// A row of failures that has ended may be followed by another.
std::vector<Span> to_report(SilenceState state, InboxTime now, const GapRules& rules) {
  std::vector<Span> spans;
  if (state.ended) spans.push_back(*std::exchange(state.ended, std::nullopt));
  if (const auto span = judge_silence(state, now, rules)) spans.push_back(*span);
  return spans;
}

}  // namespace

// What was written down after the states were read is there already.
void add_unwritten(std::vector<Gap>& gaps, const SilenceStates& states, InboxTime now, const GapRules& rules) {
  for (const auto& [source, state] : states)
    for (const Span& span : to_report(state, now, rules)) {
      const Gap silent{0, span.from, span.to, GapReason::may_be_disabled, false, source};
      const auto same = [&](const Gap& gap) {
        return gap.reason == silent.reason && gap.source == silent.source && gap.from == silent.from;
      };
      if (std::none_of(gaps.begin(), gaps.end(), same)) gaps.push_back(silent);
    }
}

}  // namespace prospero::webhooks
