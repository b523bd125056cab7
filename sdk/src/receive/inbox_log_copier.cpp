#include "inbox_log_copier.hpp"

#include <algorithm>
#include <utility>

namespace prospero::webhooks {

LogCopier::LogCopier(const std::string& file, const LogLimits& limits)
    : limits_(limits), connection_(file, SqliteMode::writer) {
  connection_.integer("PRAGMA user_version");  // a connection that never read does not know of the log
  thread_ = std::thread{[this] { copy_until_closed(); }};
}

LogCopier::~LogCopier() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  changed_.notify_all();
  connection_.interrupt();
  thread_.join();
}

bool LogCopier::keep_short(SqliteConnection& writer) {
  const int frames = writer.log_frames();
  const int brought = frames - std::exchange(last_frames_, frames);
  if (running_) return frames >= limits_.most && !held_;
  if (frames < copied_) copied_ = 0;  // it was begun anew
  const int rest = frames - copied_;
  if (frames >= limits_.many && rest <= std::clamp(2 * brought, limits_.rest, limits_.rest_most)) {
    if (!writer_tried_) finish(writer);
  } else if (frames >= limits_.many || rest >= limits_.pass) {
    if (!held_ || Clock::now() >= next_pass_) begin_pass();
  }
  return false;
}

void LogCopier::wait_for_pass() {
  std::unique_lock hold{mutex_};
  changed_.wait_for(hold, limits_.wait, [this] { return !running_; });
}

bool LogCopier::is_too_long_to_copy_now(const SqliteConnection& writer) const {
  return writer.log_frames() - copied_ > limits_.most;
}

// Whether the log is begun anew shows at the next commit: somebody may read what is in it.
void LogCopier::finish(SqliteConnection& writer) {
  writer_tried_ = true;
  if (const auto copied = writer.copy_log()) copied_ = *copied;
}

void LogCopier::begin_pass() {
  writer_tried_ = false;
  running_ = true;
  next_pass_ = Clock::now() + limits_.pause;
  {
    const std::lock_guard hold{mutex_};
    wanted_ = true;
  }
  changed_.notify_all();
}

void LogCopier::copy_until_closed() {
  for (std::unique_lock hold{mutex_};;) {
    changed_.wait(hold, [this] { return wanted_ || closing_; });
    if (closing_) return;
    wanted_ = false;
    hold.unlock();
    const auto copied = connection_.copy_log();
    if (copied) connection_.sync_file();  // or the writer would wait for all passes at once when it begins the log anew
    hold.lock();
    held_ = !copied || *copied <= copied_;
    if (copied) copied_ = *copied;
    running_ = false;
    changed_.notify_all();
  }
}

}  // namespace prospero::webhooks
