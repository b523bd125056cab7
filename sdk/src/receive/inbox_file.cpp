#include "inbox_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string_view>
#include <system_error>

namespace prospero::webhooks {
namespace {

std::string words(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void refuse(const std::string& file, int error, std::string_view advice) {
  throw InboxError("inbox " + file + " cannot be opened for writing (" + words(error) + "): " + std::string{advice});
}

std::string_view advice_for(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "make its folder first, or name another file";
    case EACCES:
    case EPERM:
    case EROFS:
      return "give this user write access to the file and its folder, or name another file";
    case EISDIR:
      return "name a file, not a folder";
    case ENOSPC:
    case EDQUOT:
      return "free some space, or name a file on another disk";
    default:
      return "name another file";
  }
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

// A new name is lost in a power cut unless its folder is synced too.
void sync_folder_of(const std::string& file) {
  const auto folder = std::filesystem::path{file}.parent_path();
  const Descriptor fd{::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) refuse(file, errno, "its folder cannot be made durable; name another");
}

}  // namespace

InboxLock::InboxLock(const std::string& file) {
  // Beside the file itself, so that one reached by another name (a link, another folder's `..`) has the same lock.
  std::error_code unresolved;
  const auto real = std::filesystem::weakly_canonical(file, unresolved);
  const std::string lock = (unresolved ? file : real.string()) + ".lock";
  fd_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) refuse(file, errno, advice_for(errno));
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  const int error = errno;
  ::close(fd_);
  if (error == EWOULDBLOCK)
    throw InboxInUse("inbox " + file + " is in use by another consumer (which holds " + lock +
                     "): stop that one, or give this one a file of its own");
  refuse(file, error, "its lock file cannot be locked; put it on a local file system");
}

InboxLock::~InboxLock() {
  ::close(fd_);
}

void ensure_inbox_file(const std::string& file) {
  const Descriptor existing{::open(file.c_str(), O_RDWR | O_CLOEXEC)};
  if (existing.get() >= 0) {
    struct stat found {};
    if (::fstat(existing.get(), &found) != 0) refuse(file, errno, "name another file");
    if (!S_ISREG(found.st_mode)) throw InboxError("inbox " + file + " is not a regular file: name another");
    return;
  }
  if (errno != ENOENT) refuse(file, errno, advice_for(errno));
  const Descriptor made{::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (made.get() < 0) refuse(file, errno, advice_for(errno));
  sync_folder_of(file);
}

void restrict_inbox_file(const std::string& file) {
  for (const std::string& one : {file, file + "-wal", file + "-shm"}) {
    struct stat found {};
    if (::stat(one.c_str(), &found) != 0 || (found.st_mode & 077) == 0) continue;
    if (::chmod(one.c_str(), found.st_mode & 0700) != 0)
      refuse(file, errno, "others than its owner may read " + one + "; its owner can change that (chmod 600)");
  }
}

}  // namespace prospero::webhooks
