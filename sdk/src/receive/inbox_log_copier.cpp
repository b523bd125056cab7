#include "inbox_log_copier.hpp"

namespace prospero::webhooks {
namespace {

// Of 4 KiB each.
constexpr int pass_frames = 2'000;      // so many new ones make a pass worth its sync
constexpr int long_frames = 8'000;      // from here on passes follow each other until the rest is small
constexpr int rest_frames = 500;        // so many the writer copies itself: its commits wait, but not for long
constexpr int longest_frames = 16'000;  // from here on it copies whatever is left: more comes than is copied

}  // namespace

LogCopier::LogCopier(const std::string& file) : connection_(file, SqliteMode::read_write) {
  connection_.integer("PRAGMA user_version");  // a connection that never read does not know of the log
  thread_ = std::thread{[this] { copy_until_closed(); }};
}

LogCopier::~LogCopier() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LogCopier::keep_short(SqliteConnection& writer) {
  const int frames = writer.log_frames();
  if (frames < copied_from_) copied_from_ = 0;  // it was begun anew
  if (running_) return;
  const int rest = frames - copied_from_;
  const bool is_short_rest = frames >= long_frames && rest <= rest_frames && !writer_tried_;
  if (is_short_rest || (frames >= longest_frames && rest > rest_frames)) return finish(writer, frames);
  if (rest >= pass_frames || (frames >= long_frames && rest > rest_frames)) begin_pass(frames);
}

// Whether it did shows at the next commit. Somebody who reads what was there before keeps the log from being begun
// anew.
void LogCopier::finish(SqliteConnection& writer, int frames) {
  copied_from_ = frames;
  writer_tried_ = true;
  writer.copy_log();
}

void LogCopier::begin_pass(int frames) {
  copied_from_ = frames;
  writer_tried_ = false;
  running_ = true;
  {
    const std::lock_guard hold{mutex_};
    wanted_ = true;
  }
  changed_.notify_one();
}

void LogCopier::copy_until_closed() {
  for (std::unique_lock hold{mutex_};;) {
    changed_.wait(hold, [this] { return wanted_ || closing_; });
    if (!wanted_) return;
    wanted_ = false;
    hold.unlock();
    connection_.copy_log();
    connection_.sync_file();  // or the writer would wait for all passes at once when the log is begun anew
    running_ = false;
    hold.lock();
  }
}

}  // namespace prospero::webhooks
