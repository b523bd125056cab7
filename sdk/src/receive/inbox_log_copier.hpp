// Copies the inbox's log into its file, beside the thread that writes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// SQLite would copy the log within a commit, once it is long enough: every push that waits for that commit would wait
/// for thousands of pages too. Here a connection and a thread of their own do it while others commit. A log that is
/// written to all the time can be begun anew only by the one who writes, between two commits, which then has to copy
/// what came during the last pass. Passes follow each other, and sync what they copied, until that is little.
class LogCopier {
 public:
  /// Throws SqliteError.
  explicit LogCopier(const std::string& file);
  ~LogCopier();  ///< after the pass that was begun
  LogCopier(const LogCopier&) = delete;
  LogCopier& operator=(const LogCopier&) = delete;

  /// After a commit of the one who writes.
  void keep_short(SqliteConnection& writer);

 private:
  void copy_until_closed();
  void finish(SqliteConnection& writer, int frames);
  void begin_pass(int frames);

  SqliteConnection connection_;
  // The writer's: length of the log when it was last begun to be copied, and whether by the writer itself.
  int copied_from_ = 0;
  bool writer_tried_ = false;
  std::atomic<bool> running_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false, closing_ = false;
  std::thread thread_;
};

}  // namespace prospero::webhooks
