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
/// written to all the time can be begun anew only by the one who writes, between two commits, which then has to copy no
/// more than what came during the last pass.
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
  void begin_pass(int frames);

  SqliteConnection connection_;
  int pass_from_ = 0;       // the writer's: length of the log when the last pass began
  bool to_finish_ = false;  // the writer's: the log is begun anew after the pass under way
  std::atomic<bool> running_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false, closing_ = false;
  std::thread thread_;
};

}  // namespace prospero::webhooks
