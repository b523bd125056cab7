// Copies the inbox's log into its file, beside the thread that writes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// Lengths of the log, in pages of 4 KiB.
struct LogLimits {
  int pass = 500;                          ///< so many new ones make a pass worth its sync
  int many = 8'000;                        ///< from here on passes follow each other until the rest is small
  int rest = 500;                          ///< so many the writer copies itself: its commits wait, but not for long
  int rest_most = 2'000;                   ///< as many as that, if commits bring half of them each
  int most = 64'000;                       ///< from here on its commits wait for the pass under way, but not for long
  std::chrono::milliseconds wait{100};     ///< of a commit for a pass
  std::chrono::milliseconds pause{1'000};  ///< after a pass that copied nothing, as somebody reads
};

/// SQLite would copy the log within a commit, once it is long enough: every push that waits for that commit would wait
/// for thousands of pages too. Here a connection and a thread of their own do it while others commit. A log that is
/// written to all the time can be begun anew only by the one who writes, between two commits, which then has to copy
/// what came during the last pass. Passes follow each other, and sync what they copied, until that is little.
///
/// While somebody reads an old state (a backup, `inbox export`, sqlite3), what is newer can not be copied, and the log
/// grows: it is copied afterwards, by this thread however much that is.
///
/// All but the destructor are for one thread at a time: with the writer's connection held, where that is a parameter.
class LogCopier {
 public:
  /// Throws SqliteError.
  explicit LogCopier(const std::string& file, const LogLimits& limits = {});
  ~LogCopier();  ///< breaks the pass off that is under way; the log keeps what it did not copy
  LogCopier(const LogCopier&) = delete;
  LogCopier& operator=(const LogCopier&) = delete;

  /// After commits, and after the answers that they allow. True: more is written than is copied, and the writer is to
  /// wait_for_pass(), with its connection free for others, before it commits again.
  bool keep_short(SqliteConnection& writer);
  void wait_for_pass();

  /// Whether a process that is to end soon should leave the log to the next start.
  bool is_too_long_to_copy_now(const SqliteConnection& writer) const;

 private:
  using Clock = std::chrono::steady_clock;

  void copy_until_closed();
  void finish(SqliteConnection& writer);
  void begin_pass();

  const LogLimits limits_;
  SqliteConnection connection_;
  // The writer's.
  int last_frames_ = 0;
  bool writer_tried_ = false;      // since the last pass
  Clock::time_point next_pass_{};  // when the last one was held
  // Of the last copy, read by the writer while none is under way.
  std::atomic<int> copied_{0};  // pages of the log that are in the file
  std::atomic<bool> held_{false};
  std::atomic<bool> running_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;  // a pass
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace prospero::webhooks
