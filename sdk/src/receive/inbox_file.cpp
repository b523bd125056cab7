#include "inbox_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string_view>
#include <system_error>

#include "inbox_errors.hpp"

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

[[noreturn]] void refuse_lock(const std::string& file, const std::string& lock_file, int error) {
  throw InboxError("inbox " + file + " cannot be locked: its lock file " + lock_file + " cannot be opened (" +
                   words(error) + "); give it to this user, or remove it while no consumer runs");
}

[[noreturn]] void refuse_second(const std::string& file, const std::string& how) {
  throw InboxInUse("inbox " + file + " is in use by another consumer (" + how +
                   "): stop that one, or give this one a file of its own");
}

// Made by root for a change, it must not keep the service out, which runs as the owner of the inbox. Where root may not
// do that it stays root's, and the service names it when it cannot open it.
void give_to_owner_of(const std::string& file, int fd) {
  const auto folder = std::filesystem::path{file}.parent_path();
  struct stat owner {};
  if (::stat(file.c_str(), &owner) != 0 && ::stat(folder.empty() ? "." : folder.c_str(), &owner) != 0) return;
  if (::geteuid() != 0 || owner.st_uid == 0) return;
  [[maybe_unused]] const int given = ::fchown(fd, owner.st_uid, owner.st_gid);
}

std::string real_name(const std::string& file) {
  std::error_code unresolved;
  const auto real = std::filesystem::weakly_canonical(file, unresolved);
  return unresolved ? file : real.string();
}

std::string absolute_name(const std::string& file) {
  std::error_code unknown;
  const auto name = std::filesystem::absolute(file, unknown);
  return unknown ? file : name.string();
}

std::string log_of(const std::string& file) {
  return real_name(file) + "-wal";
}

std::optional<std::size_t> size_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  return static_cast<std::size_t>(found.st_size);
}

// Bytes: SQLite takes a file of one for an empty one.
constexpr std::size_t taken_for_empty = 1;

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

InboxLock::InboxLock(const std::string& file) : file_(file) {
  lock_file_ = lock_file_of(file);
  fd_ = ::open(lock_file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ >= 0) {
    give_to_owner_of(file, fd_);
  } else if (errno == EEXIST) {
    fd_ = ::open(lock_file_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd_ < 0) refuse_lock(file, lock_file_, errno);
  } else {
    refuse(file, errno, advice_for(errno));
  }
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) {
    const auto note = read_note(fd_);
    was_made_ = note.has_value();
    failed_ = note.value_or(FailedRows{});
    return;
  }
  const int error = errno;
  ::close(fd_);
  if (error == EWOULDBLOCK) refuse_second(file, "which holds " + lock_file_);
  refuse(file, error, "its lock file cannot be locked; put it on a local file system");
}

InboxLock::~InboxLock() {
  if (held_ >= 0) ::close(held_);
  ::close(fd_);
}

void InboxLock::hold_file() {
  held_ = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
  if (held_ < 0) refuse(file_, errno, advice_for(errno));
  struct stat found {};
  if (::fstat(held_, &found) != 0) refuse(file_, errno, "name another file");
  if (found.st_nlink > 1)
    throw InboxError("inbox " + file_ + " has " + std::to_string(found.st_nlink) +
                     " names (hard links), and its log has only one of them: remove the others");
  if (::flock(held_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) refuse_second(file_, "which holds the file itself: its lock file was removed");
  refuse(file_, errno, "it cannot be locked; put it on a local file system");
}

bool InboxLock::remember(const FailedRows& failed) {
  if (was_made_ && failed == failed_) return true;
  if (!write_note(fd_, failed)) return false;
  was_made_ = true;
  failed_ = failed;
  return true;
}

// Beside the file itself, so that one reached by another name (a link, another folder's `..`) has the same lock.
std::string lock_file_of(const std::string& file) {
  return real_name(file) + ".lock";
}

std::size_t left_log_bytes(const std::string& file) {
  return size_of(log_of(file)).value_or(0);
}

void refuse_lost_file(const std::string& file, bool was_made) {
  const auto size = size_of(file);
  if (size.value_or(0) > taken_for_empty) return;
  const std::string what = "inbox " + file +
                           (!size                      ? " is missing"
                            : *size == taken_for_empty ? " is empty (1 byte)"
                                                       : " is empty (0 bytes)");
  if (left_log_bytes(file) > 0)
    throw InboxError(what + ", but its log " + file +
                     "-wal is there, with pushes that were answered 200: put the file back beside it; or move the log "
                     "away, to begin with an empty inbox");
  if (was_made)
    throw InboxError(what + ", but by " + file +
                     ".lock an inbox was here: put it back, or a copy of it; or remove what is left, the lock file "
                     "too, to begin with an empty inbox");
}

void ensure_inbox_file(const std::string& file) {
  const Descriptor existing{::open(file.c_str(), O_RDWR | O_CLOEXEC)};
  if (existing.get() >= 0) {
    struct stat found {};
    if (::fstat(existing.get(), &found) != 0) refuse(file, errno, "name another file");
    if (!S_ISREG(found.st_mode)) throw InboxError("inbox " + file + " is not a regular file: name another");
    if (found.st_size == taken_for_empty)
      throw explain(file, SqliteError{SqliteError::Kind::not_a_database, "it has 1 byte"});
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

OpenFiles::OpenFiles(const std::string& file)
    : file_(file),
      database_file_(absolute_name(file)),
      log_file_(log_of(file)),
      database_(place_of(database_file_)),
      log_(place_of(log_file_)) {}

// Not a stat, which also asks for the times: once asked, Linux gives the next write a time of its own, and every sync
// then writes the inode too, half as long again.
std::optional<OpenFiles::Place> OpenFiles::place_of(const std::string& name) {
#ifdef STATX_INO
  struct statx found {};
  if (::statx(AT_FDCWD, name.c_str(), 0, STATX_INO, &found) != 0) return std::nullopt;
  return Place{makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino};
#else
  struct stat found {};
  if (::stat(name.c_str(), &found) != 0) return std::nullopt;
  return Place{found.st_dev, found.st_ino};
#endif
}

std::string OpenFiles::fault() const {
  const bool file_stays = place_of(database_file_) == database_;
  if (file_stays && (!log_ || place_of(log_file_) == log_)) return {};
  return "inbox " + file_ + (file_stays ? "'s log was" : " was") +
         " removed or replaced under the consumer: put back what was there, or stop the consumer and restore a copy";
}

}  // namespace prospero::webhooks
