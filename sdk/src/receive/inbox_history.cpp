#include "inbox_history.hpp"

#include <algorithm>
#include <prospero/webhooks/receive/inbox_types.hpp>

#include "inbox_rows.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::string_view judged_to = "gaps_judged_to";
constexpr std::string_view last_push_at = "last_push_at";
constexpr std::string_view silence_reported_to = "silence_reported_to";

GapReason reason_from(const std::string& text) {
  const auto reason = gap_reason_from_text(text);
  if (!reason) throw InboxError("the inbox holds an unknown reason of a gap: it was written by another version");
  return *reason;
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
      set_mark_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES (?1, ?2)"),
      clear_mark_(connection, "DELETE FROM mark WHERE name = ?1"),
      forget_up_(connection, "DELETE FROM up WHERE ended_at < ?1 AND id < (SELECT max(id) FROM up)"),
      forget_refused_(connection, "DELETE FROM refused WHERE ended_at < ?1") {}

void InboxHistory::begin(InboxTime now) {
  begin_.bind(1, as_integer(now)).run();
  if (!mark(judged_to)) set_mark(judged_to, now);  // what was before the first start is nobody's gap
}

void InboxHistory::beat(InboxTime now, std::chrono::milliseconds pause_max) {
  bool paused = false;
  {
    const SqliteReset done{last_beat_};
    paused = last_beat_.step() && now - as_time(last_beat_.integer(0)) > pause_max;
  }
  paused ? begin(now) : beat_.bind(1, as_integer(now)).run();
}

void InboxHistory::add_refused(const std::vector<Span>& spans) {
  for (const Span& span : spans) insert_refused_.bind(1, as_integer(span.from)).bind(2, as_integer(span.to)).run();
}

SilenceState InboxHistory::silence() {
  SilenceState state;
  state.last_push_at = mark(last_push_at);
  state.reported_to = mark(silence_reported_to);
  return state;
}

void InboxHistory::keep(const SilenceState& state) {
  set_mark(last_push_at, state.last_push_at);
  set_mark(silence_reported_to, state.reported_to);
}

void InboxHistory::judge(InboxTime now, const GapRules& rules) {
  for (const Span& span : new_losses(now, rules)) insert_gap(span, GapReason::down);
  const auto before = mark(judged_to);
  const InboxTime settled = now - settled_after(rules);
  if (before && *before < settled) set_mark(judged_to, settled);
}

void InboxHistory::add_silence(const Span& span) {
  insert_gap(span, GapReason::may_be_disabled);
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
  for (const Span& span : new_losses(now, rules)) gaps.push_back({0, span.from, span.to, GapReason::down, false});
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
  while (statement.step())
    found.push_back({unsigned_column(statement, 0), as_time(statement.integer(1)), as_time(statement.integer(2)),
                     reason_from(statement.bytes(3)), !statement.is_null(4)});
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

void InboxHistory::insert_gap(const Span& span, GapReason reason) {
  insert_gap_.bind(1, as_integer(span.from)).bind(2, as_integer(span.to)).bind(3, to_text(reason)).run();
}

}  // namespace prospero::webhooks
