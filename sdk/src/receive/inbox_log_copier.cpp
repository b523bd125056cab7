#include "inbox_log_copier.hpp"

#include <algorithm>
#include <utility>

namespace prospero::webhooks {

LogCopier::LogCopier(const std::string& file, const LogLimits& limits)
    : limits_(limits), connection_(file, SqliteMode::writer) {
  connection_.integer("PRAGMA user_version");  // a connection that never read does not know of the log
  thread_ = std::thread{[this] { copy_until_closed(); }};
}

void LogCopier::end() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  changed_.notify_all();
  connection_.interrupt();
  thread_.join();
}

bool LogCopier::is_copying() const noexcept {
  const std::lock_guard hold{mutex_};
  return running_;
}

bool LogCopier::copies_may_be_lost() const noexcept {
  const std::lock_guard hold{mutex_};
  return lost_;
}

bool LogCopier::keep_short(SqliteConnection& writer) {
  const int frames = writer.log_frames();
  const std::lock_guard hold{mutex_};
  const int last = std::exchange(last_frames_, frames);
  const int brought = frames < last ? frames : frames - last;
  const int two_commits = brought + std::exchange(brought_, brought);
  if (running_) return frames >= limits_.most && !held_;
  if (lost_) return false;
  if (frames < copied_) copied_ = 0;
  const int rest = frames - copied_;
  if (frames >= limits_.many && rest <= enough_for_writer(frames, two_commits)) {
    if (!writer_tried_) finish(writer);
  } else if (frames >= limits_.many || rest >= limits_.pass) {
    if (!held_ || Clock::now() >= next_pass_) begin_pass();
  }
  return false;
}

// What passes leave is what commits bring meanwhile. A log that became long all the same is to be begun anew however
// much that is.
int LogCopier::enough_for_writer(int frames, int two_commits) const {
  return frames >= limits_.most ? std::max(2 * two_commits, limits_.rest_most)
                                : std::clamp(two_commits, limits_.rest, limits_.rest_most);
}

// Twice as long as it takes to copy what the last commit brought, so that copying overtakes writing.
void LogCopier::wait_for_pass() {
  std::unique_lock hold{mutex_};
  const Clock::duration wait = std::clamp<Clock::duration>(2 * brought_ * page_time_, limits_.wait, limits_.wait_most);
  changed_.wait_for(hold, wait, [this] { return !running_; });
}

bool LogCopier::should_stay(const SqliteConnection& writer) const {
  const int frames = writer.log_frames();
  const std::lock_guard hold{mutex_};
  const int rest = frames < copied_ ? frames : frames - copied_;
  return lost_ || rest > limits_.most || rest * page_time_ > limits_.close;
}

// Whether the log is begun anew shows at the next commit: somebody may read what is in it.
void LogCopier::finish(SqliteConnection& writer) {
  writer_tried_ = true;
  if (const auto copied = writer.copy_log()) copied_ = *copied;
  if (writer.copies_may_be_lost()) lost_ = true;
}

void LogCopier::begin_pass() {
  writer_tried_ = false;
  running_ = true;
  next_pass_ = Clock::now() + limits_.pause;
  changed_.notify_all();
}

void LogCopier::copy_until_closed() {
  for (std::unique_lock hold{mutex_};;) {
    changed_.wait(hold, [this] { return running_ || closing_; });
    if (closing_) return;
    copy_once(hold);
    running_ = false;
    changed_.notify_all();
  }
}

void LogCopier::copy_once(std::unique_lock<std::mutex>& hold) {
  hold.unlock();
  const auto began = Clock::now();
  const auto copied = connection_.copy_log();
  if (copied) connection_.sync_file();  // or the writer would wait for all passes at once when it begins the log anew
  const auto took = Clock::now() - began;
  hold.lock();
  if (connection_.copies_may_be_lost()) lost_ = true;
  const int pages = copied.value_or(0) - copied_;
  held_ = pages <= 0;
  if (held_) return;
  copied_ += pages;
  page_time_ = took / pages;
}

}  // namespace prospero::webhooks
