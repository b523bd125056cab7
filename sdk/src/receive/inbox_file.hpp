// The inbox file before SQLite sees it: made with mode 0600, and locked against a second consumer.
#pragma once

#include <string>

namespace prospero::webhooks {

/// Holds FILE.lock (flock) from construction to destruction. The lock file stays: removing it would let two consumers
/// hold locks on two files of the same name.
class InboxLock {
 public:
  /// Throws InboxError when the lock file cannot be made or another inbox holds it.
  explicit InboxLock(const std::string& file);
  ~InboxLock();
  InboxLock(const InboxLock&) = delete;
  InboxLock& operator=(const InboxLock&) = delete;

 private:
  int fd_ = -1;
};

/// Makes the file if it is missing (mode 0600, its name durable in the folder) and sees that it can be read and
/// written. Throws InboxError.
void ensure_inbox_file(const std::string& file);

/// Takes all rights of others than the owner off the file and the two that SQLite keeps beside it. Only for a file that
/// is known to be an inbox. Throws InboxError.
void restrict_inbox_file(const std::string& file);

}  // namespace prospero::webhooks
