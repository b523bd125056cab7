#include "inbox_log_copier.hpp"

namespace prospero::webhooks {
namespace {

constexpr int pass_frames = 2'000;       // of 4 KiB: so many new ones make a pass worth its sync
constexpr int long_frames = 8'000;       // the log is begun anew after the next pass
constexpr int too_long_frames = 24'000;  // passes do not keep up, or fail

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
  if (frames < pass_from_) pass_from_ = 0;  // it was begun anew
  if (frames >= too_long_frames) return writer.copy_log();
  if (running_) return;
  if (to_finish_) {
    to_finish_ = false;
    return writer.copy_log();
  }
  if (frames - pass_from_ >= pass_frames) begin_pass(frames);
}

void LogCopier::begin_pass(int frames) {
  pass_from_ = frames;
  to_finish_ = frames >= long_frames;
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
    running_ = false;
    hold.lock();
  }
}

}  // namespace prospero::webhooks
