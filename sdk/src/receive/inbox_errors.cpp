#include "inbox_errors.hpp"

namespace prospero::webhooks {

InboxError explain(const std::string& name, const SqliteError& error) {
  switch (error.kind()) {
    case SqliteError::Kind::not_a_database:
      return InboxError("inbox " + name + " is not a database, or is damaged (" + error.what() +
                        "): keep it, as pushes in it were answered 200; name another file, or restore this one from a "
                        "copy, after moving away what is beside it (-wal, -shm)");
    case SqliteError::Kind::busy:
      return InboxError("inbox " + name + " is locked by another program (" + error.what() +
                        "): end that program; `fuser " + name + "` names all that have it open");
    case SqliteError::Kind::full:
      return InboxError("inbox " + name + " has no space left, or its files may not grow (" + error.what() +
                        "): free some space on its disk, or raise what the process may write (ulimit -f); when "
                        "neither is short, look at the disk");
    case SqliteError::Kind::unread:
      return InboxError("inbox " + name + " cannot be read just now (" + error.what() +
                        "): leave its files as they are, look at the disk, then try again");
    case SqliteError::Kind::unopened:
    case SqliteError::Kind::other:
      return InboxError("inbox " + name + " cannot be used (" + error.what() +
                        "): see that the file, its folder and its disk are in order");
  }
  throw std::logic_error("SqliteError::Kind out of range");
}

std::string explain_commit(const std::string& name, const SqliteError& error) {
  const bool has_advice = error.kind() == SqliteError::Kind::busy || error.kind() == SqliteError::Kind::full;
  return has_advice ? explain(name, error).what() : error.what();
}

InboxError no_thread(const std::string& name, const std::system_error& error) {
  return InboxError("inbox " + name + " cannot have a thread of its own (" + error.code().message() +
                    "): raise how many this user may have (ulimit -u, TasksMax= of systemd)");
}

}  // namespace prospero::webhooks
