// Keeps the note in FILE.lock as it should be, on a thread of its own: neither an answer nor a commit waits for it, and
// it for no commit that hangs.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "inbox_file.hpp"

namespace prospero::webhooks {

class NoteWriter {
 public:
  /// From now on nobody else may call lock.remember().
  /// @param rows what is to stand there; called on this object's thread
  NoteWriter(InboxLock& lock, std::function<FailedRows()> rows);
  /// Writes what there is by now, and waits for it.
  ~NoteWriter();
  NoteWriter(const NoteWriter&) = delete;
  NoteWriter& operator=(const NoteWriter&) = delete;

  /// What is to stand there has changed. Quick, thread-safe.
  void ask();

 private:
  void write_until_closed();
  void write() noexcept;

  InboxLock& lock_;
  const std::function<FailedRows()> rows_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, closing_ = false;
  std::thread thread_;
};

}  // namespace prospero::webhooks
