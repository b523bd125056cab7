// The inbox file before SQLite sees it, and beside it: made with mode 0600, locked against a second consumer, and never
// replaced silently.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "inbox_note.hpp"

namespace prospero::webhooks {

/// Holds FILE.lock, and the file itself once it is there (flock), from construction to destruction. The lock file
/// stays: removing it would let two consumers hold locks on two files of the same name. In it stands a note
/// (inbox_note.hpp).
class InboxLock {
 public:
  /// Throws InboxError when the lock file cannot be made or another inbox holds it.
  explicit InboxLock(const std::string& file);
  ~InboxLock();
  InboxLock(const InboxLock&) = delete;
  InboxLock& operator=(const InboxLock&) = delete;

  /// Holds the file as well, so that a consumer which comes by another name, or to a removed lock file, is refused.
  /// Throws InboxError.
  void hold_file();

  /// Whether an inbox was here before.
  bool was_made() const noexcept { return was_made_; }
  const FailedRows& failed_rows() const noexcept { return failed_; }
  /// Remembers that an inbox is here, and this. False: it could not be written (errno).
  bool remember(const FailedRows& failed);

 private:
  const std::string file_;
  std::string lock_file_;
  int fd_ = -1, held_ = -1;
  bool was_made_ = false;
  FailedRows failed_;
};

/// Where the lock of that inbox is.
std::string lock_file_of(const std::string& file);

/// Bytes in FILE-wal: more than 0 at a start mean that the process before did not end by itself.
std::size_t left_log_bytes(const std::string& file);

/// Throws InboxError when an inbox was here (a log of it is left, or its lock file says so) and the file has gone or is
/// empty, or what SQLite takes for that: a new one in its place would hide that pushes are lost.
void refuse_lost_file(const std::string& file, bool was_made);

/// Makes the file if it is missing (mode 0600, its name durable in the folder) and sees that it can be read and
/// written. Throws InboxError.
void ensure_inbox_file(const std::string& file);

/// Takes all rights of others than the owner off the file and the two that SQLite keeps beside it. Only for a file that
/// is known to be an inbox. Throws InboxError.
void restrict_inbox_file(const std::string& file);

/// Notices when an open inbox's names no longer lead to the files that it has open.
class OpenFiles {
 public:
  /// While SQLite has them open.
  explicit OpenFiles(const std::string& file);
  /// What to tell; empty while they are where they were. Quick.
  std::string fault() const;

 private:
  struct Place {
    dev_t device;
    ino_t number;
    friend bool operator==(const Place&, const Place&) = default;
  };
  static std::optional<Place> place_of(const std::string& name);

  const std::string file_;  // as it was named
  // Where that led to: the present folder may change.
  const std::string database_file_, log_file_;
  const std::optional<Place> database_, log_;
};

}  // namespace prospero::webhooks
