// The inbox between two commits: heartbeat, retention and size, on the writer's thread.
#include <algorithm>
#include <utility>

#include "aside_space.hpp"
#include "bounded_time.hpp"
#include "inbox_clock.hpp"
#include "size_text.hpp"
#include "sqlite_inbox.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::chrono::milliseconds purge_pause{20}, purge_check{60'000}, purge_check_unreadable{3'600'000},
    measure_every{200};
constexpr int beats_missed_max = 3;

std::string percent_line(const std::string& what, std::uint64_t used, std::uint64_t most, const std::string& advice) {
  return what + " holds " + size_text(used) + " of at most " + size_text(most) + ": " + advice;
}

}  // namespace

void SqliteInbox::upkeep() {
  const auto now = Clock::now();
  if (now >= next_beat_) {
    beat();
    next_beat_ = now + bounded(options_.heartbeat);
  }
  if (now >= next_purge_) purge_a_step();
  mark_fresh();
}

// Until it is done, starts and counts look at more rows.
void SqliteInbox::mark_fresh() {
  try {
    const std::lock_guard hold{write_mutex_};
    if (!memory_->fresh.is_mark_due(out_)) return;
    InboxTransaction transaction{*write_connection_, *memory_};
    memory_->fresh.write_mark(out_);
    transaction.commit();
    memory_->fresh.keep_mark();
  } catch (const std::exception& error) {
    report("inbox " + name_ + " cannot write down how far its rows were handed over: " + error.what());
  }
}

// Nothing is lost when it fails: the time counts as down, and what is not written down yet is written with the next.
void SqliteInbox::beat() {
  SilenceStates silence;
  std::vector<Span> refused;
  {
    const std::lock_guard hold{silence_mutex_};
    silence = silence_;
    refused.swap(refused_);
  }
  try {
    const std::lock_guard hold{write_mutex_};
    const InboxTime now = wall_clock();
    InboxTransaction transaction{*write_connection_, *memory_};
    history_->beat(now, beats_missed_max * bounded(options_.heartbeat));
    history_->add_refused(refused);
    for (auto& [source, state] : silence) {
      if (const auto silent = judge_silence(state, now, options_.gap_rules)) history_->add_silence(*silent, source);
      history_->keep(source, state);
    }
    history_->judge(now, options_.gap_rules);
    history_->forget_before(now - options_.retention);
    transaction.commit();
  } catch (const std::exception& error) {
    const std::lock_guard hold{silence_mutex_};
    refused_.insert(refused_.begin(), refused.begin(), refused.end());
    return report("inbox " + name_ + " cannot write down that it is up, so the time counts as down: " + error.what());
  }
  const std::lock_guard hold{silence_mutex_};
  for (const auto& [source, state] : silence) {
    silence_[source].last_push_at = state.last_push_at;
    silence_[source].reported_to = state.reported_to;
    silence_[source].ended = state.ended;
  }
  remember_failures();
}

void SqliteInbox::purge_a_step() {
  if (!purge_) {
    const InboxTime now = wall_clock();
    purge_.emplace(now - options_.retention, now, std::nullopt);
    kept_unreadable_.clear();
  }
  next_purge_ = Clock::now() + purge_pause;
  try {
    const std::lock_guard hold{write_mutex_};
    InboxUpkeep::Old old = upkeep_->old_rows(*purge_);
    const std::uint64_t removed = remove_old(old);
    if (removed > 0) measure();  // at the cap nothing is committed that would
    if (removed == 0 && old.unreadable.empty() && !purge_->ended()) next_purge_ = Clock::now();
    kept_unreadable_.insert(kept_unreadable_.end(), old.unreadable.begin(), old.unreadable.end());
    if (!purge_->ended()) return;
  } catch (const std::exception& error) {
    report("inbox " + name_ + " cannot remove what is older than its retention: " + error.what());
  }
  purge_.reset();
  next_purge_ = Clock::now() + (kept_unreadable_.empty() ? purge_check : purge_check_unreadable);
  report_kept_unreadable();
}

// With write_mutex_ held. Beside a row there may be damage that SQLite meets only when it removes that row.
std::uint64_t SqliteInbox::remove_old(InboxUpkeep::Old& old) {
  if (old.rows.empty()) return 0;
  try {
    InboxTransaction transaction{*write_connection_, *memory_};
    const std::uint64_t removed = upkeep_->remove(old);
    transaction.commit();
    if (old.state == InboxState::quarantined) rows_aside_ -= std::min(rows_aside_, removed);
    return removed;
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
  }
  if (old.rows.size() == 1) {
    old.unreadable.push_back(old.rows.front().seq);
    return 0;
  }
  std::uint64_t removed = 0;
  const auto middle = old.rows.begin() + std::ssize(old.rows) / 2;
  InboxUpkeep::Old halves[] = {{old.state, {old.rows.begin(), middle}, {}}, {old.state, {middle, old.rows.end()}, {}}};
  for (InboxUpkeep::Old& half : halves) {
    removed += remove_old(half);
    old.unreadable.insert(old.unreadable.end(), half.unreadable.begin(), half.unreadable.end());
  }
  return removed;
}

// Once, until there are others.
void SqliteInbox::report_kept_unreadable() {
  if (kept_unreadable_ == told_unreadable_) return;
  told_unreadable_ = kept_unreadable_;
  if (kept_unreadable_.empty()) return;
  const std::size_t others = kept_unreadable_.size() - 1;
  report("inbox " + name_ + " cannot remove row " + std::to_string(kept_unreadable_.front()) +
         (others > 0 ? " and " + std::to_string(others) + " more" : "") +
         ", which stay: what is stored of them is damaged, or the disk does not give it; restore a copy of the inbox");
}

// With write_mutex_ held, or before the writer runs. Of all of them, so not for each commit.
void SqliteInbox::count_aside() {
  try {
    rows_aside_ = static_cast<std::uint64_t>(write_connection_->integer(
        "SELECT count(*) FROM arrival INDEXED BY arrival_settled WHERE state <> 'pending' AND state = 'quarantined'"));
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
    damage_ = error.what();
  }
}

// With write_mutex_ held, or before the writer runs.
void SqliteInbox::measure() {
  next_measure_ = Clock::now() + measure_every;
  const auto bytes_aside =
      static_cast<std::uint64_t>(write_connection_->integer("SELECT value FROM mark WHERE name = 'quarantined_bytes'"));
  bytes_capped_ = without_aside(write_connection_->bytes_used(), rows_aside_, bytes_aside);
  if (size_alarm_.rings(bytes_capped_, options_.size_bytes_max))
    report(percent_line("inbox " + name_, bytes_capped_, options_.size_bytes_max,
                        std::string{"purge it, shorten the retention, or raise the cap; "} +
                            (is_at_cap() ? "pushes get 503 until then" : "at the cap pushes get 503")));
  if (quarantine_alarm_.rings(bytes_aside, options_.quarantine_bytes_max))
    report(percent_line("the quarantine of inbox " + name_, bytes_aside, options_.quarantine_bytes_max,
                        "look at what is kept aside and purge it; beyond it only beginnings are kept"));
}

void SqliteInbox::report(const std::string& what) const {
  if (options_.on_alarm) options_.on_alarm(what);
}

}  // namespace prospero::webhooks
