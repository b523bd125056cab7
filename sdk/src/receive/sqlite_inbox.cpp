#include "sqlite_inbox.hpp"

#include <algorithm>
#include <future>
#include <limits>
#include <system_error>
#include <utility>

#include "bounded_time.hpp"
#include "inbox_check.hpp"
#include "inbox_clock.hpp"
#include "inbox_errors.hpp"
#include "inbox_schema.hpp"

namespace prospero::webhooks {
namespace {

// A copy of a push may come with the last retry, 7 h 1 min after the first attempt, plus what the attempts took (R2).
constexpr std::chrono::minutes retention_min{7 * 60 + 2};
constexpr std::uint64_t size_least = 1u << 20;
constexpr const char* at_size_cap = "the inbox has reached its size cap";

void check(const InboxOptions& options) {
  if (options.retention < retention_min)
    throw InboxError("InboxOptions::retention must be at least 7 h 2 min: a copy may come with the last retry (R1)");
  if (options.heartbeat.count() <= 0) throw InboxError("InboxOptions::heartbeat must be more than 0");
  const GapRules& rules = options.gap_rules;
  if (std::min({rules.attempt_max, rules.silence_max, *std::ranges::min_element(rules.retry_delays)}).count() < 0)
    throw InboxError("InboxOptions::gap_rules must hold no negative time");
  if (options.size_bytes_max > 0 && options.size_bytes_max < size_least)
    throw InboxError(
        "InboxOptions::size_bytes_max must be at least 1 MiB: an inbox without a push takes a part of that");
}

std::string note_unwritten(const std::string& file) {
  return "inbox " + file + " cannot write into its lock file: that 503s came in a row is forgotten at a restart";
}

}  // namespace

SqliteInbox::SqliteInbox(std::optional<std::string> file, InboxOptions options)
    : file_(std::move(file)), name_(file_.value_or("memory:")), options_(std::move(options)) {
  check(options_);
  if (file_) {
    lock_ = std::make_unique<InboxLock>(*file_);
    refuse_lost_file(*file_, lock_->was_made());
    ensure_inbox_file(*file_);
    lock_->hold_file();
  }
  try {
    open();
    if (lock_ && options_.serving)
      note_writer_ = std::make_unique<NoteWriter>(*lock_, [this] { return failed_rows(silence()); });
    writer_ = std::thread{[this] { write_until_closed(); }};
  } catch (const SqliteError& error) {
    throw explain(name_, error);
  } catch (const std::system_error& error) {
    throw no_thread(name_, error);
  }
}

void SqliteInbox::open() {
  write_connection_ = std::make_unique<SqliteConnection>(name_, file_ ? SqliteMode::writer : SqliteMode::in_memory);
  if (file_ && left_log_bytes(*file_) > 0) check_after_crash();
  prepare_inbox(*write_connection_, name_);
  if (file_) restrict_inbox_file(*file_);
  memory_ = std::make_unique<InboxMemory>(*write_connection_);
  writes_ = std::make_unique<InboxWrites>(*write_connection_, *memory_);
  upkeep_ = std::make_unique<InboxUpkeep>(*write_connection_, *memory_);
  history_ = std::make_unique<InboxHistory>(*write_connection_);
  out_.seq_at_open = upkeep_->last_seq();
  if (file_) read_connection_ = std::make_unique<SqliteConnection>(name_, SqliteMode::read_only);
  reads_ = std::make_unique<InboxReads>(file_ ? *read_connection_ : *write_connection_);
  count_aside();
  measure();
  if (options_.serving) begin();
  if (!file_) return;
  write_connection_->copy_log_only_when_asked();
  log_copier_ = std::make_unique<LogCopier>(*file_);
  const auto failed = options_.serving ? failed_rows(silence()) : lock_->failed_rows();
  if (!lock_->remember(failed)) report(note_unwritten(*file_));
  files_ = std::make_unique<OpenFiles>(*file_);
}

// Until it is known that the log belongs to the file, closing leaves both as they are.
void SqliteInbox::check_after_crash() {
  write_connection_->empty_log_at_close(false);
  const std::string fault = fault_after_crash(*write_connection_, *file_);
  if (!fault.empty())
    report("inbox " + name_ + " is damaged (" + fault + "): what can be read is used; restore it from a copy");
  write_connection_->empty_log_at_close(true);
}

// Refuses a file that pushes cannot be stored in, which a tool that repairs it must be able to open.
void SqliteInbox::begin() {
  InboxTransaction transaction{*write_connection_, *memory_};
  try_to_store(*write_connection_, *memory_, *writes_, out_);
  const InboxTime now = wall_clock();
  remember_silence(now);
  history_->begin(now);
  for (auto& [source, state] : silence_) {
    if (const auto silent = judge_silence(state, now, options_.gap_rules)) history_->add_silence(*silent, source);
    history_->keep(source, state);
  }
  history_->judge(now, options_.gap_rules);
  transaction.commit();
  next_beat_ = Clock::now() + bounded(options_.heartbeat);
  write_all_numbers();
}

// Within a transaction. A source that is no longer there is not silent.
void SqliteInbox::remember_silence(InboxTime now) {
  silence_ = history_->silence(now);
  if (lock_) add_failed_rows(silence_, lock_->failed_rows(), options_.gap_rules);
  if (options_.sources.empty()) return;
  SilenceStates there;
  for (const std::string& source : options_.sources) there[source];
  for (const auto& [source, state] : silence_)
    if (const auto found = there.find(source); found != there.end())
      found->second = state;
    else
      history_->keep(source, {});
  silence_ = std::move(there);
}

SilenceStates SqliteInbox::silence() {
  const std::lock_guard hold{silence_mutex_};
  return silence_;
}

// Runs that are too short to write them while they serve would leave more and more to be read at each start.
void SqliteInbox::write_all_numbers() {
  try {
    InboxTransaction transaction{*write_connection_, *memory_};
    write_numbers(std::numeric_limits<std::size_t>::max());
    transaction.commit();
  } catch (const SqliteError& error) {
    if (!numbers_stay_) throw;
    damage_ = error.what();
  }
}

SqliteInbox::~SqliteInbox() {
  {
    const std::lock_guard hold{queue_mutex_};
    closing_ = true;
  }
  queue_filled_.notify_one();
  writer_.join();
  note_writer_.reset();
  leave_long_log();
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

// With queue_mutex_ held. What is kept aside has a queue of its own and no cap, so that it never refuses a push.
const char* SqliteInbox::refusal_for(const Arrival& arrival) const {
  const bool aside = !arrival.quarantine_reason.empty();
  if ((aside ? aside_ : queue_).count >= options_.queue_count_max) return "too many arrivals wait for the disk";
  const std::size_t bytes = arrival.body.size();
  const std::size_t room = options_.queue_bytes_max - std::min(queue_.bytes, options_.queue_bytes_max);
  if (!aside && queue_.count > 0 && bytes > room) return "too many bytes wait for the disk";
  return !aside && is_at_cap() ? at_size_cap : nullptr;
}

bool SqliteInbox::is_at_cap() const noexcept {
  return options_.size_bytes_max > 0 && bytes_capped_ >= options_.size_bytes_max;
}

// With queue_mutex_ held.
void SqliteInbox::enqueue(Arrival arrival, Stored done) {
  const bool aside = !arrival.quarantine_reason.empty();
  const std::size_t full_size = arrival.body.size();
  if (aside && aside_.bytes + full_size > options_.queue_bytes_max / 4 && full_size > cut_body_bytes)
    arrival.body = arrival.body.substr(0, cut_body_bytes);
  Queue& queue = aside ? aside_ : queue_;
  const std::size_t size = arrival.body.size();
  queue.jobs.push_back(Job{Push{std::move(arrival), full_size}, std::move(done), {}});  // before what counts it
  ++queue.count;
  queue.bytes += size;
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

StoreResult SqliteInbox::probe(std::chrono::milliseconds wait_max) {
  if (is_at_cap()) return {StoreStatus::full, 0, at_size_cap};
  const auto committed = std::make_shared<std::promise<StoreResult>>();
  std::future<StoreResult> answer = committed->get_future();
  submit(Job{Task{[this] {
               try_to_store(*write_connection_, *memory_, *writes_, out_);
               writes_->set_mark("probed_at", wall_clock());
             }},
             [committed](const StoreResult& done) { committed->set_value(done); },
             {}});
  if (answer.wait_for(bounded(wait_max)) == std::future_status::ready) return answer.get();
  return {StoreStatus::failed, 0, "the disk did not take a commit within " + std::to_string(wait_max.count()) + " ms"};
}

void SqliteInbox::unstored(std::string_view source, InboxTime at) {
  constexpr std::chrono::milliseconds one_span{1'000};
  std::unique_lock hold{silence_mutex_};
  auto state = silence_.find(source);
  if (state == silence_.end()) state = silence_.emplace(source, SilenceState{}).first;
  note_failure(state->second, at);
  const InboxTime end = at + std::chrono::milliseconds{1};
  if (!refused_.empty() && at >= refused_.back().from && at - refused_.back().to <= one_span)
    refused_.back().to = std::max(refused_.back().to, end);
  else
    refused_.push_back({at, end});
  const bool may_be_disabled = state->second.failed_in_row == options_.gap_rules.failures_max;
  hold.unlock();
  remember_failures();
  if (may_be_disabled) judge_soon();
}

// In the lock file, where it fits when the disk is full.
void SqliteInbox::remember_failures() {
  if (note_writer_) note_writer_->ask();
}

void SqliteInbox::judge_soon() {
  const std::lock_guard hold{queue_mutex_};
  judge_asked_ = true;
  queue_filled_.notify_one();
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
    const std::lock_guard hold{totals_mutex_};
    counts.commits = commits_;
    counts.group_sizes = group_sizes_;
  }
  counts.last_push_at = last_pushes(silence());
  const std::lock_guard hold{queue_mutex_};
  counts.waiting_for_disk = queue_.count + aside_.count;
  return counts;
}

// The states first: what is written down in between must not be missed.
std::vector<Gap> SqliteInbox::gaps(InboxTime now) {
  const SilenceStates states = silence();
  std::vector<Gap> gaps = reading([&](InboxReads& reads) { return reads.gaps(now, options_.gap_rules); });
  add_unwritten(gaps, states, now, options_.gap_rules);
  return gaps;
}

}  // namespace prospero::webhooks
