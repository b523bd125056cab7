#include "sqlite_inbox.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "inbox_schema.hpp"

namespace prospero::webhooks {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

InboxTime wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

InboxError explain(const std::string& name, const SqliteError& error) {
  switch (error.kind()) {
    case SqliteError::Kind::not_a_database:
      return InboxError("inbox " + name + " is not a database, or is damaged (" + error.what() +
                        "): name another file, or restore this one from a copy");
    case SqliteError::Kind::busy:
      return InboxError("inbox " + name + " is locked by another program (" + error.what() + "): close that program");
    case SqliteError::Kind::full:
      return InboxError("inbox " + name + " has no space left (" + error.what() + "): free some space");
    case SqliteError::Kind::other:
      return InboxError("inbox " + name + " cannot be used (" + error.what() +
                        "): see that the file, its folder and its disk are in order");
  }
  throw std::logic_error("SqliteError::Kind out of range");
}

}  // namespace

SqliteInbox::SqliteInbox(std::optional<std::string> file, InboxOptions options)
    : file_(std::move(file)), options_(options) {
  const std::string name = file_.value_or("memory:");
  if (file_) {
    lock_ = std::make_unique<InboxLock>(*file_);
    ensure_inbox_file(*file_);
  }
  try {
    write_connection_ =
        std::make_unique<SqliteConnection>(name, file_ ? SqliteMode::read_write : SqliteMode::in_memory);
    prepare_inbox(*write_connection_, name);
    if (file_) restrict_inbox_file(*file_);
    writes_ = std::make_unique<InboxWrites>(*write_connection_);
    if (file_) read_connection_ = std::make_unique<SqliteConnection>(name, SqliteMode::read_only);
    reads_ = std::make_unique<InboxReads>(file_ ? *read_connection_ : *write_connection_);
  } catch (const SqliteError& error) {
    throw explain(name, error);
  }
  writer_ = std::thread{[this] { write_until_closed(); }};
}

SqliteInbox::~SqliteInbox() {
  {
    const std::lock_guard hold{queue_mutex_};
    closing_ = true;
  }
  queue_filled_.notify_one();
  writer_.join();
}

void SqliteInbox::store(Arrival arrival, Stored done) {
  const char* refusal = nullptr;
  StoreStatus status = StoreStatus::full;
  {
    const std::lock_guard hold{queue_mutex_};
    const std::size_t bytes = arrival.body.size();
    if (closing_) {
      status = StoreStatus::closed;
      refusal = "the inbox is closing";
    } else if (queue_count_ >= options_.queue_count_max) {
      refusal = "too many arrivals wait for the disk";
    } else if (queue_count_ > 0 &&
               bytes > options_.queue_bytes_max - std::min(queue_bytes_, options_.queue_bytes_max)) {
      refusal = "too many bytes wait for the disk";
    } else {
      ++queue_count_;
      queue_bytes_ += bytes;
      queue_.push_back(Job{std::move(arrival), std::move(done), {}});
    }
  }
  if (refusal != nullptr)
    done(StoreResult{status, 0, refusal});
  else
    queue_filled_.notify_one();
}

void SqliteInbox::submit(Job job) {
  {
    const std::lock_guard hold{queue_mutex_};
    queue_.push_back(std::move(job));
  }
  queue_filled_.notify_one();
}

void SqliteInbox::write_until_closed() {
  for (;;) {
    Batch batch;
    {
      std::unique_lock hold{queue_mutex_};
      queue_filled_.wait(hold, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    commit(batch);
    after_commit(batch);
  }
}

void SqliteInbox::commit(Batch& batch) {
  const std::lock_guard hold{write_mutex_};
  try {
    SqliteTransaction transaction{*write_connection_};
    for (Job& job : batch) job.result = apply(job);
    transaction.commit();
    ++commits_;
  } catch (const std::exception& error) {
    for (Job& job : batch) job.result = StoreResult{StoreStatus::failed, 0, error.what()};
    return;
  }
  for (const Job& job : batch)
    if (const auto* settled = std::get_if<Settle>(&job.work)) claimed_.erase(settled->seq);
}

StoreResult SqliteInbox::apply(const Job& job) {
  return std::visit(Overloaded{
                        [this](const Arrival& arrival) { return writes_->store(arrival, claimed_); },
                        [this](const Settle& settled) {
                          writes_->finish(settled.seq, settled.result, wall_clock());
                          return StoreResult{StoreStatus::stored, settled.seq, {}};
                        },
                        [this](const Probe&) {
                          writes_->set_mark("probed_at", wall_clock());
                          return StoreResult{StoreStatus::stored, 0, {}};
                        },
                    },
                    job.work);
}

void SqliteInbox::after_commit(const Batch& batch) {
  bool more = false;
  {
    const std::lock_guard hold{queue_mutex_};
    for (const Job& job : batch) {
      const auto* arrival = std::get_if<Arrival>(&job.work);
      if (arrival == nullptr) continue;
      --queue_count_;
      queue_bytes_ -= arrival->body.size();
    }
  }
  for (const Job& job : batch) {
    more = more || (job.result.durable() && !std::holds_alternative<Probe>(job.work));
    job.done(job.result);
  }
  if (more) wake();
}

std::optional<PendingArrival> SqliteInbox::take(InboxTime now) {
  const std::lock_guard hold{write_mutex_};
  try {
    auto taken = writes_->take(now, claimed_);
    if (taken) claimed_.insert(taken->row.seq);
    return taken;
  } catch (const SqliteError& error) {
    throw explain(file_.value_or("memory:"), error);
  }
}

std::optional<InboxTime> SqliteInbox::next_retry_at() {
  const std::lock_guard hold{write_mutex_};
  try {
    return writes_->next_retry_at(claimed_);
  } catch (const SqliteError& error) {
    throw explain(file_.value_or("memory:"), error);
  }
}

StoreResult SqliteInbox::finish(std::uint64_t seq, const HandOver& result) {
  const auto committed = std::make_shared<std::promise<StoreResult>>();
  std::future<StoreResult> answer = committed->get_future();
  submit(Job{Settle{seq, result}, [committed](const StoreResult& done) { committed->set_value(done); }, {}});
  return answer.get();
}

void SqliteInbox::release(std::uint64_t seq) {
  {
    const std::lock_guard hold{write_mutex_};
    claimed_.erase(seq);
  }
  wake();
}

void SqliteInbox::on_ready(std::function<void()> wake) {
  const std::lock_guard hold{wake_mutex_};
  wake_ = std::move(wake);
}

void SqliteInbox::wake() {
  const std::lock_guard hold{wake_mutex_};
  if (wake_) wake_();
}

template <class Read>
auto SqliteInbox::reading(const Read& read) {
  const std::lock_guard hold{file_ ? read_mutex_ : write_mutex_};
  try {
    return read(*reads_);
  } catch (const SqliteError& error) {
    throw explain(file_.value_or("memory:"), error);
  }
}

InboxPage SqliteInbox::list(std::optional<std::uint64_t> cursor, std::size_t limit) {
  return reading([&](InboxReads& reads) { return reads.list(cursor, limit); });
}

void SqliteInbox::witness(const std::function<void(const WitnessLine&)>& line) {
  reading([&](InboxReads& reads) { reads.witness(line); });
}

InboxCounts SqliteInbox::counts() {
  InboxCounts counts = reading([](InboxReads& reads) { return reads.counts(); });
  {
    const std::lock_guard hold{write_mutex_};
    counts.commits = commits_;
  }
  const std::lock_guard hold{queue_mutex_};
  counts.waiting_for_disk = queue_count_;
  return counts;
}

StoreResult SqliteInbox::probe(std::chrono::milliseconds wait_max) {
  const auto committed = std::make_shared<std::promise<StoreResult>>();
  std::future<StoreResult> answer = committed->get_future();
  submit(Job{Probe{}, [committed](const StoreResult& done) { committed->set_value(done); }, {}});
  if (answer.wait_for(wait_max) == std::future_status::ready) return answer.get();
  return {StoreStatus::failed, 0, "the disk did not take a commit within " + std::to_string(wait_max.count()) + " ms"};
}

}  // namespace prospero::webhooks
