// The inbox on SQLite, in a file or in memory: one thread writes, everything that waits shares a transaction.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "inbox_file.hpp"
#include "inbox_tables.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

class SqliteInbox final : public Inbox {
 public:
  /// No file: in memory. Throws InboxError.
  SqliteInbox(std::optional<std::string> file, InboxOptions options);
  ~SqliteInbox() override;

  void store(Arrival arrival, Stored done) override;
  std::optional<PendingArrival> take(InboxTime now) override;
  std::optional<InboxTime> next_retry_at() override;
  StoreResult finish(std::uint64_t seq, const HandOver& result) override;
  void release(std::uint64_t seq) override;
  void on_ready(std::function<void()> wake) override;
  InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) override;
  void witness(const std::function<void(const WitnessLine&)>& line) override;
  InboxCounts counts() override;
  StoreResult probe(std::chrono::milliseconds wait_max) override;

 private:
  struct Settle {
    std::uint64_t seq;
    HandOver result;
  };
  struct Probe {};
  struct Job {
    std::variant<Arrival, Settle, Probe> work;
    Stored done;
    StoreResult result;
  };
  using Batch = std::deque<Job>;

  /// Queues a job that is not bounded by the queue's limits.
  void submit(Job job);
  void write_until_closed();
  void commit(Batch& batch);
  StoreResult apply(const Job& job);
  void after_commit(const Batch& batch);
  void wake();

  template <class Read>
  auto reading(const Read& read);

  const std::optional<std::string> file_;
  const InboxOptions options_;
  std::unique_ptr<InboxLock> lock_;

  // Whoever holds it may use the connection; the writer holds it for a whole transaction, so that nobody sees what is
  // not committed.
  std::mutex write_mutex_;
  std::unique_ptr<SqliteConnection> write_connection_;
  std::unique_ptr<InboxWrites> writes_;
  HandedOut out_;
  std::uint64_t commits_ = 0;

  // A file has a second connection for looking, so that a long look does not hold up a commit.
  std::mutex read_mutex_;
  std::unique_ptr<SqliteConnection> read_connection_;
  std::unique_ptr<InboxReads> reads_;

  std::mutex wake_mutex_;
  std::function<void()> wake_;

  std::mutex queue_mutex_;
  std::condition_variable queue_filled_;
  Batch queue_;
  std::size_t queue_count_ = 0;  // arrivals, including those in the transaction under way
  std::size_t queue_bytes_ = 0;  // their bodies
  bool closing_ = false;

  std::thread writer_;
};

}  // namespace prospero::webhooks
