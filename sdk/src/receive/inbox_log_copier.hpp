// Copies the inbox's log into its file, beside the thread that writes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// Lengths of the log, in pages of 4 KiB.
struct LogLimits {
  int pass = 500;         ///< so many new ones make a pass worth its sync
  int many = 8'000;       ///< from here on passes follow each other until the rest is small
  int rest = 500;         ///< so many the writer copies itself: its commits wait, but not for long
  int rest_most = 2'000;  ///< as many as that, if the last two commits brought them
  int most =
      64'000;  ///< from here on commits wait for passes, so that these keep up, and what they brought is no matter
  std::chrono::milliseconds wait{100}, wait_most{1'000};  ///< of a commit for a pass
  std::chrono::milliseconds pause{1'000};                 ///< after a pass that copied nothing, as somebody reads
  std::chrono::milliseconds close{1'000};                 ///< so long a process that is to end may copy
};

/// SQLite would copy the log within a commit, once it is long enough: every push that waits for that commit would wait
/// for thousands of pages too. Here a connection and a thread of their own do it while others commit. A log that is
/// written to all the time can be begun anew only by the one who writes, between two commits, which then has to copy
/// what came during the last pass. Passes follow each other, and sync what they copied, until that is little.
///
/// While somebody reads an old state (a backup, `inbox export`, sqlite3), what is newer can not be copied, and the log
/// grows: it is copied afterwards, by this thread however much that is.
///
/// All are for one thread at a time: with the writer's connection held, where that is a parameter.
class LogCopier {
 public:
  /// Throws SqliteError.
  explicit LogCopier(const std::string& file, const LogLimits& limits = {});
  ~LogCopier() { end(); }
  LogCopier(const LogCopier&) = delete;
  LogCopier& operator=(const LogCopier&) = delete;

  /// After commits, and after the answers that they allow. True: more is written than is copied, and the writer is to
  /// wait_for_pass(), with its connection free for others, before it commits again.
  bool keep_short(SqliteConnection& writer);
  void wait_for_pass();

  /// Breaks the pass off that is under way: the log keeps what it did not copy.
  void end() noexcept;

  /// A pass is under way, or is not synced yet.
  bool is_copying() const noexcept;
  /// As SqliteFileLayer::copies_may_be_lost(): nothing is copied any more, nothing may be written, and the log must
  /// stay.
  bool copies_may_be_lost() const noexcept;
  /// Whether a process that is to end soon must leave the log to the next start, or should as it is long.
  bool should_stay(const SqliteConnection& writer) const;

 private:
  using Clock = std::chrono::steady_clock;

  int enough_for_writer(int frames, int two_commits) const;
  void finish(SqliteConnection& writer);
  void begin_pass();
  void copy_until_closed();
  void copy_once(std::unique_lock<std::mutex>& hold);

  const LogLimits limits_;
  SqliteConnection connection_;  // the copying thread's, and whoever interrupts it
  // With it held all that follows. A pass has it only at its ends.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;  // a pass, from when it is wanted
  bool closing_ = false;
  int copied_ = 0;                     // pages of the log that are in the file
  Clock::duration page_time_{0};       // of the last pass that copied something
  bool held_ = false;                  // the last pass copied nothing
  bool lost_ = false;                  // what was copied
  Clock::time_point next_pass_{};      // when the last one was held
  int last_frames_ = 0, brought_ = 0;  // by the last commit
  bool writer_tried_ = false;          // since the last pass
  std::thread thread_;
};

}  // namespace prospero::webhooks
