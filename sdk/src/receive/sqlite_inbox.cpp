#include "sqlite_inbox.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "inbox_clock.hpp"
#include "inbox_schema.hpp"

namespace prospero::webhooks {
namespace {

// A copy of a push may come with the last retry, 7 h 1 min after the first attempt, plus what the attempts took (R2).
constexpr std::chrono::minutes retention_min{7 * 60 + 2};

void check(const InboxOptions& options) {
  if (options.retention < retention_min)
    throw InboxError("InboxOptions::retention must be at least 7 h 2 min: a copy may come with the last retry (R1)");
  if (options.heartbeat.count() <= 0) throw InboxError("InboxOptions::heartbeat must be more than 0");
}

}  // namespace

SqliteInbox::SqliteInbox(std::optional<std::string> file, InboxOptions options)
    : file_(std::move(file)), name_(file_.value_or("memory:")), options_(std::move(options)) {
  check(options_);
  if (file_) {
    lock_ = std::make_unique<InboxLock>(*file_);
    ensure_inbox_file(*file_);
  }
  try {
    open();
  } catch (const SqliteError& error) {
    throw explain(name_, error);
  }
  writer_ = std::thread{[this] { write_until_closed(); }};
}

void SqliteInbox::open() {
  write_connection_ = std::make_unique<SqliteConnection>(name_, file_ ? SqliteMode::read_write : SqliteMode::in_memory);
  prepare_inbox(*write_connection_, name_);
  if (file_) restrict_inbox_file(*file_);
  writes_ = std::make_unique<InboxWrites>(*write_connection_);
  upkeep_ = std::make_unique<InboxUpkeep>(*write_connection_);
  history_ = std::make_unique<InboxHistory>(*write_connection_);
  out_.seq_at_open = upkeep_->last_seq();
  if (file_) read_connection_ = std::make_unique<SqliteConnection>(name_, SqliteMode::read_only);
  reads_ = std::make_unique<InboxReads>(file_ ? *read_connection_ : *write_connection_);
  measure();
  if (!options_.serving) return;
  SqliteTransaction transaction{*write_connection_};
  silence_ = history_->silence();
  if (const auto last = reads_->counts().last_push_at) silence_.last_push_at = last;
  history_->begin(wall_clock());
  history_->judge(wall_clock(), options_.gap_rules);
  transaction.commit();
  next_beat_ = Clock::now() + options_.heartbeat;
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
  StoreResult refused{StoreStatus::full, 0, {}};
  {
    const std::lock_guard hold{queue_mutex_};
    const char* refusal = closing_ ? "the inbox is closing" : refusal_for(arrival);
    if (refusal == nullptr) {
      enqueue(std::move(arrival), std::move(done));
      notify_writer();
      return;
    }
    if (closing_) refused.status = StoreStatus::closed;
    refused.error = refusal;
  }
  done(refused);
}

// With queue_mutex_ held. What is kept aside counts apart in queue and cap, so that it never refuses a push.
const char* SqliteInbox::refusal_for(const Arrival& arrival) const {
  const bool aside = !arrival.quarantine_reason.empty();
  if ((aside ? aside_ : queue_).count >= options_.queue_count_max) return "too many arrivals wait for the disk";
  const std::size_t bytes = arrival.body.size();
  const std::size_t room = options_.queue_bytes_max - std::min(queue_.bytes, options_.queue_bytes_max);
  if (!aside && queue_.count > 0 && bytes > room) return "too many bytes wait for the disk";
  const std::uint64_t used = bytes_used_ - std::min(bytes_used_.load(), quarantined_bytes_.load());
  if (options_.size_bytes_max > 0 && used >= options_.size_bytes_max) return "the inbox has reached its size cap";
  return nullptr;
}

// With queue_mutex_ held.
void SqliteInbox::enqueue(Arrival arrival, Stored done) {
  const bool aside = !arrival.quarantine_reason.empty();
  const std::size_t full_size = arrival.body.size();
  if (aside && aside_.bytes + full_size > options_.queue_bytes_max / 4 && full_size > cut_body_bytes)
    arrival.body = arrival.body.substr(0, cut_body_bytes);
  Queue& queue = aside ? aside_ : queue_;
  ++queue.count;
  queue.bytes += arrival.body.size();
  queue.jobs.push_back(Job{Push{std::move(arrival), full_size}, std::move(done), {}});
}

void SqliteInbox::submit(Job job) {
  const std::lock_guard hold{queue_mutex_};
  queue_.jobs.push_back(std::move(job));
  notify_writer();
}

// With queue_mutex_ held. Once for as many as the writer waits for, not once for each.
void SqliteInbox::notify_writer() {
  if (queue_.jobs.size() + aside_.jobs.size() == wanted_ || !aside_.jobs.empty()) queue_filled_.notify_one();
}

StoreResult SqliteInbox::submit_and_wait(std::variant<Push, Settle, Task> work) {
  const auto committed = std::make_shared<std::promise<StoreResult>>();
  std::future<StoreResult> answer = committed->get_future();
  submit(Job{std::move(work), [committed](const StoreResult& done) { committed->set_value(done); }, {}});
  return answer.get();
}

std::optional<PendingArrival> SqliteInbox::take(InboxTime now) {
  return reading_own([&] {
    auto taken = writes_->take(now, out_);
    if (taken) out_.claimed.insert(taken->row.seq);
    return taken;
  });
}

std::optional<InboxTime> SqliteInbox::next_retry_at() {
  return reading_own([&] { return writes_->next_retry_at(out_); });
}

StoreResult SqliteInbox::finish(std::uint64_t seq, const HandOver& result) {
  return submit_and_wait(Settle{seq, result});
}

void SqliteInbox::release(std::uint64_t seq) {
  {
    const std::lock_guard hold{write_mutex_};
    out_.claimed.erase(seq);
    out_.released.insert(seq);
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

StoreResult SqliteInbox::probe(std::chrono::milliseconds wait_max) {
  const auto committed = std::make_shared<std::promise<StoreResult>>();
  std::future<StoreResult> answer = committed->get_future();
  submit(Job{Task{[this] { writes_->set_mark("probed_at", wall_clock()); }},
             [committed](const StoreResult& done) { committed->set_value(done); },
             {}});
  if (answer.wait_for(wait_max) == std::future_status::ready) return answer.get();
  return {StoreStatus::failed, 0, "the disk did not take a commit within " + std::to_string(wait_max.count()) + " ms"};
}

void SqliteInbox::unstored(InboxTime at) {
  constexpr std::chrono::milliseconds one_span{1'000};
  const std::lock_guard hold{silence_mutex_};
  ++silence_.failed_in_row;
  if (!silence_.first_failed_at) silence_.first_failed_at = at;
  const InboxTime end = at + std::chrono::milliseconds{1};
  if (!refused_.empty() && at >= refused_.back().from && at - refused_.back().to <= one_span)
    refused_.back().to = std::max(refused_.back().to, end);
  else
    refused_.push_back({at, end});
}

std::optional<Gap> SqliteInbox::next_gap() {
  return reading_own([&] { return history_->untold(); });
}

StoreResult SqliteInbox::gap_told(std::uint64_t id) {
  return submit_and_wait(Task{[this, id] { history_->told(id, wall_clock()); }});
}

InboxPage SqliteInbox::list(std::optional<std::uint64_t> cursor, std::size_t limit) {
  return reading([&](InboxReads& reads) { return reads.list(cursor, limit); });
}

std::optional<InboxRow> SqliteInbox::find(std::uint64_t seq) {
  return reading([&](InboxReads& reads) { return reads.find(seq); });
}

std::optional<StoredBody> SqliteInbox::body(const Identity& identity) {
  return reading([&](InboxReads& reads) { return reads.body(identity); });
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
  counts.waiting_for_disk = queue_.count + aside_.count;
  return counts;
}

std::vector<Gap> SqliteInbox::gaps(InboxTime now) {
  return reading([&](InboxReads& reads) { return reads.gaps(now, options_.gap_rules); });
}

}  // namespace prospero::webhooks
