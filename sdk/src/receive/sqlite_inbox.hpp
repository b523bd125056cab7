// The inbox on SQLite, in a file or in memory: one thread writes, everything that waits shares a transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "fill_alarm.hpp"
#include "inbox_errors.hpp"
#include "inbox_file.hpp"
#include "inbox_history.hpp"
#include "inbox_log_copier.hpp"
#include "inbox_memory.hpp"
#include "inbox_note_writer.hpp"
#include "inbox_reads.hpp"
#include "inbox_tables.hpp"
#include "inbox_upkeep.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

class SqliteInbox final : public Inbox {
 public:
  /// No file: in memory. Throws InboxError.
  SqliteInbox(std::optional<std::string> file, InboxOptions options);
  ~SqliteInbox() override;

  InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) override;
  std::optional<InboxRow> find(std::uint64_t seq) override;
  std::optional<StoredBody> body(const Identity& identity) override;
  void witness(const std::function<void(const WitnessLine&)>& line) override;
  InboxCounts counts() override;
  std::vector<Gap> gaps(InboxTime now) override;

  void store(Arrival arrival, Stored done) override;
  std::optional<PendingArrival> take(InboxTime now) override;
  std::optional<InboxTime> next_retry_at() override;
  StoreResult finish(std::uint64_t seq, const HandOver& result) override;
  void release(std::uint64_t seq) override;
  void on_ready(std::function<void()> wake) override;
  StoreResult probe(std::chrono::milliseconds wait_max) override;
  void unstored(std::string_view source, InboxTime at) override;
  std::optional<Gap> next_gap() override;
  StoreResult gap_told(std::uint64_t id) override;

  Changed retry(const RowSelection& rows) override;
  Changed replay(const RowSelection& rows) override;
  Changed purge(InboxTime before, std::optional<InboxState> state) override;
  Erased erase(std::string_view family, std::string_view entity_id) override;
  void stop_changes() override { changes_stopped_ = true; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Push {
    Arrival arrival;
    std::uint64_t full_size = 0;  // of the body, of which the queue may hold the beginning only
  };
  struct Settle {
    std::uint64_t seq;
    HandOver result;
  };
  using Task = std::function<void()>;  // within the transaction
  struct Job {
    std::variant<Push, Settle, Task> work;
    Stored done;
    StoreResult result;
  };
  using Batch = std::deque<Job>;

  // A queue of arrivals with its size.
  struct Queue {
    Batch jobs;
    std::size_t count = 0;  // arrivals, including those in the transaction under way
    std::size_t bytes = 0;  // their bodies
  };

  void open();
  void check_after_crash();
  void begin();
  void remember_silence(InboxTime now);
  SilenceStates silence();
  void write_all_numbers();

  void notify_writer();
  void judge_soon();
  void remember_failures();
  const char* refusal_for(const Arrival& arrival) const;
  bool is_at_cap() const noexcept;
  void enqueue(Arrival arrival, Stored done);

  // sqlite_inbox_hand_over.cpp
  struct Taken {
    std::optional<PendingArrival> arrival;
    std::uint64_t unreadable = 0;      // a row that was given up
    std::optional<InboxError> unread;  // why a row is passed over for now
  };
  Taken take_or_pass_over(InboxTime now);
  Taken pass_over(const UnreadRow& row, InboxTime now);
  void add_entry(std::uint64_t seq);
  bool is_as_it_came(const PendingArrival& arrival);
  Taken give_back_changed(const PendingArrival& arrival, InboxTime now);
  Taken give_up(std::uint64_t seq);

  /// Queues a job that is not bounded by the queue's limits.
  void submit(Job job);
  StoreResult submit_and_wait(std::variant<Push, Settle, Task> work);

  // sqlite_inbox_changes.cpp
  /// Runs in a transaction; what it throws as InboxError is thrown here.
  std::uint64_t change(const std::function<std::uint64_t()>& task);
  void refuse_if_stopped() const;
  void between_commits(const std::function<void()>& step);
  std::set<std::uint64_t> changed_or_unreadable(const std::vector<std::uint64_t>& seqs);
  std::uint64_t change_named(const std::vector<std::uint64_t>& seqs,
                             const std::function<std::uint64_t(std::uint64_t)>& one);
  Changed change_rows(const RowSelection& rows, const std::function<std::uint64_t(std::uint64_t)>& one);
  void set_unreadable_apart(InboxUpkeep::Search& search);
  void empty_log();
  bool empty_log_now();

  // sqlite_inbox_writer.cpp: the writer's thread.
  void write_until_closed();
  void keep_log_short();
  bool copies_may_be_lost() const;
  std::string lost_copies_advice() const;
  void stop_after_lost_copies();
  void leave_long_log();
  void wait_for_jobs(std::unique_lock<std::mutex>& hold);
  Batch take_aside();
  void commit(Batch& batch);
  void commit_in_parts(Batch::iterator first, Batch::iterator end);
  bool commit_together(Batch::iterator first, Batch::iterator end, StoredBytes stored);
  bool try_commit(Batch::iterator first, Batch::iterator end, StoredBytes stored);
  void count_commit();
  void write_numbers(std::size_t most);
  void remember_committed(const Batch& batch);
  StoreResult apply(const Job& job, StoredBytes stored);
  void after_commit(const Batch& batch, Queue& queue);
  void note_pushes(const Batch& batch);

  // sqlite_inbox_upkeep.cpp: the writer's thread.
  void upkeep();
  void beat();
  void mark_fresh();
  void purge_a_step();
  std::uint64_t remove_old(InboxUpkeep::Old& old);
  void report_kept_unreadable();
  void count_aside();
  void measure();
  void wake();
  void report(const std::string& what) const;

  /// Looks at what is committed, without holding up the writer where that is possible.
  template <class Read>
  auto reading(const Read& read) {
    const std::lock_guard hold{file_ ? read_mutex_ : write_mutex_};
    try {
      return read(*reads_);
    } catch (const SqliteError& error) {
      throw explain(name_, error);
    }
  }

  /// Looks between two transactions of the writer.
  template <class Read>
  auto reading_own(const Read& read) {
    const std::lock_guard hold{write_mutex_};
    try {
      return read();
    } catch (const SqliteError& error) {
      throw explain(name_, error);
    }
  }

  const std::optional<std::string> file_;
  const std::string name_;
  const InboxOptions options_;
  std::unique_ptr<InboxLock> lock_;
  std::unique_ptr<OpenFiles> files_;

  // Whoever holds it may use the connection; the writer holds it for a whole transaction, so that nobody sees what is
  // not committed.
  std::mutex write_mutex_;
  std::unique_ptr<SqliteConnection> write_connection_;
  std::unique_ptr<LogCopier> log_copier_;  // of a file
  std::unique_ptr<InboxMemory> memory_;
  std::unique_ptr<InboxWrites> writes_;
  std::unique_ptr<InboxUpkeep> upkeep_;
  std::unique_ptr<InboxHistory> history_;
  HandedOut out_;

  std::mutex totals_mutex_;  // of its own: who asks for them must not wait for a disk that takes long over a commit
  std::uint64_t commits_ = 0;
  Histogram group_sizes_ = sizes_histogram();

  // A file has a second connection for looking, so that a long look does not hold up a commit.
  std::mutex read_mutex_;
  std::unique_ptr<SqliteConnection> read_connection_;
  std::unique_ptr<InboxReads> reads_;

  std::mutex wake_mutex_;
  std::function<void()> wake_;

  std::mutex silence_mutex_;
  SilenceStates silence_;
  std::vector<Span> refused_;  // not yet written down
  std::unique_ptr<NoteWriter> note_writer_;

  std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  Queue queue_;
  Queue aside_;                              // quarantined arrivals, which never hold up the others
  std::size_t wanted_ = 1;                   // jobs that the writer waits for
  std::deque<std::function<void()>> steps_;  // of changes, each to be done between two commits
  bool judge_asked_ = false;                 // a source has failed often: to be written down before the next heartbeat
  bool closing_ = false;

  std::mutex change_mutex_;  // one of an operator's changes at a time
  std::atomic<bool> changes_stopped_{false};
  std::atomic<std::uint64_t> bytes_capped_{0};  // of the file, without what is kept aside

  // The writer's own.
  Clock::time_point next_beat_{}, next_purge_{}, next_measure_{};
  std::size_t last_group_ = 0;  // jobs of the last commit
  Clock::duration last_commit_took_{};
  FillAlarm size_alarm_, quarantine_alarm_;
  std::uint64_t rows_aside_ = 0;
  std::optional<InboxUpkeep::Purge> purge_;                       // of what is beyond the retention
  std::vector<std::uint64_t> kept_unreadable_, told_unreadable_;  // rows that it left, and of which on_alarm knows
  bool numbers_stay_ = false;                                     // in memory
  std::string damage_;                                            // that a commit met
  bool damage_told_ = false;

  std::thread writer_;
};

}  // namespace prospero::webhooks
