// The writer's thread: group commit of all that waits.
#include <algorithm>
#include <iterator>
#include <utility>

#include "answer_group.hpp"
#include "inbox_clock.hpp"
#include "sqlite_inbox.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::size_t aside_step_bytes = 1u << 20;
constexpr std::size_t numbers_for_each = 2;  // so that those that are due are written before the next are
constexpr int gather_share = 4;              // of the time that a commit takes
constexpr std::chrono::milliseconds gather_max{1};

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

void SqliteInbox::write_until_closed() {
  for (bool last = false; !last;) {
    Batch batch, aside;
    std::function<void()> step;
    {
      std::unique_lock hold{queue_mutex_};
      wait_for_jobs(hold);
      batch.swap(queue_.jobs);
      aside = take_aside();
      if (!steps_.empty()) {
        step = std::move(steps_.front());
        steps_.pop_front();
      }
      if (std::exchange(judge_asked_, false)) next_beat_ = {};
      last = closing_ && batch.empty() && aside.empty() && !step;
    }
    last_group_ = batch.size();
    stop_after_lost_copies();
    if (!batch.empty()) {
      const auto began = Clock::now();
      commit(batch);
      last_commit_took_ = Clock::now() - began;
      after_commit(batch, queue_);
    }
    if (!aside.empty()) {
      commit(aside);
      after_commit(aside, aside_);
    }
    if (step) step();
    if (options_.serving) upkeep();
    keep_log_short();
  }
  if (options_.serving) beat();
}

// After the answers: nobody who was promised one waits for it.
void SqliteInbox::keep_log_short() {
  if (!log_copier_) return;
  {
    const std::lock_guard hold{write_mutex_};
    if (!log_copier_->keep_short(*write_connection_)) return;
  }
  log_copier_->wait_for_pass();
}

// What was read since may be what the disk has, and a commit would build on that. All that was answered 200 is in the
// log, which the next start copies again.
void SqliteInbox::stop_after_lost_copies() {
  {
    const std::lock_guard hold{write_mutex_};
    if (!write_connection_->refusal().empty() || !copies_may_be_lost()) return;
    write_connection_->refuse_transactions(lost_copies_advice());
  }
  report("inbox " + name_ + " stores nothing until a restart: " + lost_copies_advice());
}

// With write_mutex_ held.
bool SqliteInbox::copies_may_be_lost() const {
  return log_copier_ && (log_copier_->copies_may_be_lost() || write_connection_->copies_may_be_lost());
}

std::string SqliteInbox::lost_copies_advice() const {
  return "the disk did not take what was copied from " + name_ + "-wal into " + name_ +
         ": see to the disk, leave both where they are, stop whatever has them open, then restart the consumer, which "
         "copies all of it again";
}

// With nobody else left. It is read at the next start as after a crash; the process is to end soon.
void SqliteInbox::leave_long_log() {
  if (!log_copier_) return;
  log_copier_->end();
  if (copies_may_be_lost() || log_copier_->should_stay(*write_connection_))
    write_connection_->empty_log_at_close(false);
}

// Under load the answers of one commit bring the next pushes, and the first of them would have a commit to itself while
// all others wait for it. So it waits for as many as came before, at most for a part of what a commit takes.
void SqliteInbox::wait_for_jobs(std::unique_lock<std::mutex>& hold) {
  const auto ready = [this] {
    return closing_ || queue_.jobs.size() >= wanted_ || !aside_.jobs.empty() || !steps_.empty() || judge_asked_;
  };
  wanted_ = 1;
  if (options_.serving)
    queue_filled_.wait_until(hold, std::min(next_beat_, next_purge_), ready);
  else
    queue_filled_.wait(hold, ready);
  if (queue_.jobs.empty() || last_group_ <= 1) return;
  wanted_ = last_group_;
  queue_filled_.wait_for(hold, std::min<Clock::duration>(last_commit_took_ / gather_share, gather_max), ready);
}

// With queue_mutex_ held: so much of what is to be kept aside that the pushes behind it do not notice.
SqliteInbox::Batch SqliteInbox::take_aside() {
  Batch taken;
  for (std::size_t bytes = 0; !aside_.jobs.empty() && bytes < aside_step_bytes;) {
    bytes += std::get<Push>(aside_.jobs.front().work).arrival.body.size();
    taken.push_back(std::move(aside_.jobs.front()));
    aside_.jobs.pop_front();
  }
  return taken;
}

// A part of the file that is damaged fails those that need it, and nothing that would only share a transaction with
// them.
void SqliteInbox::commit(Batch& batch) {
  {
    const std::lock_guard hold{write_mutex_};
    commit_in_parts(batch.begin(), batch.end());
    remember_committed(batch);
  }
  if (!damage_.empty() && !std::exchange(damage_told_, true))
    report(
        "inbox " + name_ + " cannot be read in parts (" + damage_ +
        "): what needs them fails, all else is stored; look at its disk, and restore it from a copy if it is damaged");
}

// With write_mutex_ held. What a push cannot read may be what was stored of the same bytes before: here they are again.
void SqliteInbox::commit_in_parts(Batch::iterator first, Batch::iterator end) {
  if (commit_together(first, end, StoredBytes::readable)) return;
  if (end - first > 1) {
    const auto middle = first + (end - first) / 2;
    commit_in_parts(first, middle);
    commit_in_parts(middle, end);
  } else if (std::holds_alternative<Push>(first->work)) {
    commit_together(first, end, StoredBytes::unreadable);
  }
}

// With write_mutex_ held. False: something that it needs of the file is damaged, or the disk did not give it. Where
// that is the table of numbers, they are left in memory and all else is committed.
bool SqliteInbox::commit_together(Batch::iterator first, Batch::iterator end, StoredBytes stored) {
  const bool stayed = numbers_stay_;
  return try_commit(first, end, stored) || (numbers_stay_ != stayed && try_commit(first, end, stored));
}

bool SqliteInbox::try_commit(Batch::iterator first, Batch::iterator end, StoredBytes stored) {
  const auto fail = [&](const std::string& why) {
    for (auto job = first; job != end; ++job) job->result = StoreResult{StoreStatus::failed, 0, why};
  };
  try {
    InboxTransaction transaction{*write_connection_, *memory_};
    for (auto job = first; job != end; ++job) job->result = apply(*job, stored);
    write_numbers(numbers_for_each * static_cast<std::size_t>(end - first));
    transaction.commit();
    count_commit();
    if (files_)  // after it, so that whatever is told to be durable was committed to files that were still there
      if (const std::string fault = files_->fault(); !fault.empty()) throw InboxError(fault);
  } catch (const SqliteError& error) {
    fail(explain_commit(name_, error));
    if (!error.is_unreadable()) return true;
    damage_ = error.what();
    return false;
  } catch (const std::exception& error) {
    fail(error.what());
  }
  return true;
}

void SqliteInbox::count_commit() {
  const std::lock_guard hold{totals_mutex_};
  ++commits_;
}

// Where their table is damaged they stay in memory until the next start.
void SqliteInbox::write_numbers(std::size_t most) {
  if (numbers_stay_) return;
  try {
    memory_->numbers.write_some(most);
  } catch (const SqliteError& error) {
    numbers_stay_ = error.is_unreadable();
    throw;
  }
}

// With write_mutex_ held.
void SqliteInbox::remember_committed(const Batch& batch) {
  std::size_t pushes = 0, aside = 0;
  for (const Job& job : batch) {
    if (!job.result.durable()) continue;
    if (const auto* settled = std::get_if<Settle>(&job.work)) {
      out_.claimed.erase(settled->seq);
      out_.released.erase(settled->seq);
    } else if (const auto* push = std::get_if<Push>(&job.work)) {
      aside += push->arrival.quarantine_reason.empty() ? 0 : 1;
      ++pushes;
    }
  }
  if (pushes > 0) {
    const std::lock_guard hold{totals_mutex_};
    group_sizes_.observe(static_cast<double>(pushes));
  }
  rows_aside_ += aside;
  if (aside == 0 && options_.size_bytes_max == 0 && Clock::now() < next_measure_) return;
  try {
    measure();
  } catch (const SqliteError& error) {
    if (error.is_unreadable()) damage_ = error.what();  // else it is measured with another commit
  }
}

StoreResult SqliteInbox::apply(const Job& job, StoredBytes stored) {
  return std::visit(Overloaded{
                        [this, stored](const Push& push) {
                          return push.arrival.quarantine_reason.empty()
                                     ? writes_->store(push.arrival, out_, stored)
                                     : writes_->store_aside(push.arrival, push.full_size, options_.quarantine_bytes_max,
                                                            stored);
                        },
                        [this](const Settle& settled) {
                          writes_->finish(settled.seq, settled.result, wall_clock());
                          return StoreResult{StoreStatus::stored, settled.seq, {}};
                        },
                        [](const Task& task) {
                          task();
                          return StoreResult{StoreStatus::stored, 0, {}};
                        },
                    },
                    job.work);
}

void SqliteInbox::after_commit(const Batch& batch, Queue& queue) {
  bool more = false;
  {
    const std::lock_guard hold{queue_mutex_};
    for (const Job& job : batch) {
      more = more || (job.result.durable() && !std::holds_alternative<Task>(job.work));
      const auto* push = std::get_if<Push>(&job.work);
      if (push == nullptr) continue;
      --queue.count;
      queue.bytes -= push->arrival.body.size();
    }
  }
  note_pushes(batch);
  {
    const detail::AnswerGroup group;
    for (const Job& job : batch) job.done(job.result);
  }
  if (more) wake();
}

// What is kept aside may come from anybody who knows the path. A row of 503s that a push ends is written down at once,
// after the answers.
void SqliteInbox::note_pushes(const Batch& batch) {
  bool changed = false;  // what the lock file is to hold: a row of 503s, or the source, which has its place there
  const std::lock_guard hold{silence_mutex_};
  for (const Job& job : batch) {
    const auto* push = std::get_if<Push>(&job.work);
    if (push == nullptr || !job.result.durable() || !push->arrival.quarantine_reason.empty()) continue;
    const auto [found, is_new] = silence_.try_emplace(push->arrival.source);
    SilenceState& state = found->second;
    changed = changed || is_new || state.failed_in_row > 0;
    const bool was_due = state.ended.has_value();
    note_push(state, push->arrival.received_at, options_.gap_rules);
    if (state.ended && !was_due) next_beat_ = {};
  }
  if (changed) remember_failures();
}

}  // namespace prospero::webhooks
